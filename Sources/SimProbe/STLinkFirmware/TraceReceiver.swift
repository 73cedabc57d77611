/// The probe's receiver of SWO: a serial port, and the bytes that wait for the host.
final class TraceReceiver: TraceListener {
  private var receiver = SerialReceiver()
  /// What has come in, with what is gone already in front.
  private var bytes: [UInt8] = []
  /// Where in it begins what has not been fetched; the oldest gives way where there is no room.
  private var first = 0
  /// How many bytes have room.
  private let capacity: Int
  /// How many bytes the host has been told of and may fetch.
  private(set) var offeredCount = 0

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - capacity: how many bytes have room.
  ///   - format: the characters that are expected.
  ///   - now: the present.
  init(capacity: Int, format: SerialFormat, from now: UInt64) {
    self.capacity = capacity
    receiver.listen(in: format, from: now)
  }

  func hear(_ frame: SerialFrame) {
    collect(until: frame.start)
    receiver.add(frame)
  }

  /// Tells how many bytes wait by now, which may be fetched then.
  func offer(at now: UInt64) -> Int {
    collect(until: now)
    offeredCount = bytes.count - first
    return offeredCount
  }

  /// Takes an offer back: another command has come before its bytes were fetched.
  func withdraw() {
    offeredCount = 0
  }

  /// Goes on with a transfer to the host: packets until a short one, or until there is no room left.
  func give(byteCount: Int, packetSize: Int, into transfer: inout [UInt8]) -> SimulatedUSBDevice.InputAnswer {
    while transfer.count < byteCount {
      let packet = min(packetSize, offeredCount)
      guard packet > 0 else { return .notReady }
      guard packet <= byteCount - transfer.count else { return .overflow }
      transfer += bytes[first..<first + packet]
      first += packet
      offeredCount -= packet
      if packet < packetSize { return .complete }
    }
    return .complete
  }

  /// Takes the characters that are complete; those with framing errors too.
  private func collect(until now: UInt64) {
    while let character = receiver.take(at: now) {
      if bytes.count - first == capacity {
        first += 1
        offeredCount = max(0, offeredCount - 1)
      }
      if first >= capacity {
        bytes.removeFirst(first)
        first = 0
      }
      bytes.append(UInt8(truncatingIfNeeded: character.word))
    }
  }
}
