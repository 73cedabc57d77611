import Sockets

/// One file that a program under the umockdev preload library has open.
final class UmockdevConnection {
  /// How long a program may take to serve its memory, which it does while it waits for us.
  static let patience: Duration = .seconds(2)
  /// How long a program that only asks for finished transfers is held while one is under way.
  ///
  /// The device file is an ordinary file to poll(2), so it always seems ready; without a pause the program would ask
  /// again and again. The library makes its calls with signals blocked, so it must be short.
  private static let hold: Duration = .milliseconds(5)

  /// A program that waits for a finished transfer.
  private struct Reaping {
    let address: UInt64
    /// When the program is told that there is none; nil when it waits for as long as it takes.
    let end: ContinuousClock.Instant?
  }

  let socket: Socket
  /// The device file; nil for a file that is no virtual device.
  private let file: DeviceFile?
  private var input: [UInt8] = []
  private var reaping: Reaping?

  init(_ socket: Socket, file: DeviceFile?) {
    self.socket = socket
    self.file = file
  }

  /// Whether the program waits for a transfer to finish.
  var isReaping: Bool { reaping != nil }

  /// Gives the device file back.
  func close() {
    file?.close()
  }

  /// Takes what has come and answers it; false when the program has closed the file or ended.
  func serve() -> Bool {
    switch socket.receive(atMost: UmockdevFrame.byteCount - input.count) {
    case .bytes(let bytes): input += bytes
    case .nothing: return true
    case .ended: return false
    }
    guard input.count == UmockdevFrame.byteCount else { return true }
    let frame = UmockdevFrame(input)
    input = []
    return answer(frame)
  }

  /// Goes on with a program that waits for a transfer; false when it has gone.
  func goOn() -> Bool {
    guard let reaping, let file else { return true }
    if !file.hasFinished && !file.node.hasLeft {
      guard let end = reaping.end, ContinuousClock.now >= end else { return true }
    }
    self.reaping = nil
    do throws(ClientGone) {
      if try file.reap(to: reaping.address, memory: self) { return finish(.done(0)) }
    } catch {
      return false
    }
    return finish(.failed(file.node.hasLeft ? .noDevice : .again))
  }

  private func answer(_ frame: UmockdevFrame) -> Bool {
    guard frame.kind == UmockdevFrame.Kind.request.rawValue, let file else { return finishUnhandled() }
    do throws(ClientGone) {
      return finish(try file.perform(frame.first, argument: frame.second, memory: self))
    } catch {
      return false
    }
  }

  private func finish(_ outcome: DeviceFile.Outcome) -> Bool {
    switch outcome {
    case .done(let result): return finish(Int64(result), errorNumber: 0)
    case .failed(let error): return finish(-1, errorNumber: error.rawValue)
    case .reaping(let address, let mayFail):
      reaping = Reaping(address: address, end: mayFail ? .now + UmockdevConnection.hold : nil)
      return true
    }
  }

  private func finishUnhandled() -> Bool {
    finish(UmockdevFrame.unhandled, errorNumber: 0)
  }

  private func finish(_ result: Int64, errorNumber: Int32) -> Bool {
    send(UmockdevFrame(.done, UInt64(bitPattern: result), UInt64(errorNumber)).bytes)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    socket.sendAll(bytes, within: UmockdevConnection.patience)
  }
}

extension UmockdevConnection: ClientMemory {
  func read(_ byteCount: Int, at address: UInt64) throws(ClientGone) -> [UInt8] {
    guard byteCount > 0 else { return [] }
    guard send(UmockdevFrame(.readMemory, address, UInt64(byteCount)).bytes),
      let bytes = socket.receiveAll(byteCount, within: UmockdevConnection.patience)
    else { throw ClientGone() }
    return bytes
  }

  func write(_ bytes: [UInt8], at address: UInt64) throws(ClientGone) {
    guard !bytes.isEmpty else { return }
    // The library takes a message in one piece, but what follows it in as many as come.
    guard send(UmockdevFrame(.writeMemory, address, UInt64(bytes.count)).bytes), send(bytes) else {
      throw ClientGone()
    }
  }
}
