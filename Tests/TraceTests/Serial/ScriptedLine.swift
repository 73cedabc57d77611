import LinkInterface

/// A serial line with answers that were written down beforehand; a call takes a millisecond.
final class ScriptedLine: SerialLine {
  /// What `receive` gives, in order.
  enum Answer {
    case bytes([UInt8])
    case failure(SerialError.Reason, [UInt8])
  }

  private final class Clock: LinkClock {
    var now: Duration = .milliseconds(5)
    func wait(for duration: Duration) { now += duration }
  }

  private var answers: [Answer]
  private let scriptedClock = Clock()
  private(set) var settings = SerialSettings(baudRate: 9600)
  let identity = SerialIdentity(name: "/dev/ttyTEST7")

  init(_ answers: [Answer]) { self.answers = answers }

  var clock: any LinkClock { scriptedClock }

  private func pass() { scriptedClock.wait(for: .milliseconds(1)) }

  func configure(_ settings: SerialSettings) throws(SerialError) {
    guard settings.stopBitCount == 1 else { throw SerialError(.unsupported("two stop bits"), port: identity.name) }
    self.settings = settings
  }

  func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) { pass() }

  func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    pass()
    switch answers.removeFirst() {
    case .bytes(let bytes): return bytes
    case .failure(let reason, let received): throw SerialError(reason, port: identity.name, received: received)
    }
  }

  func discardInput() throws(SerialError) {}
  func drive(_ line: ControlLine, active: Bool) throws(SerialError) { pass() }
  func sendBreak(for duration: Duration) throws(SerialError) { scriptedClock.wait(for: duration) }
  func close() {}
}
