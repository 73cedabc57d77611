import LinkInterface

/// A line that gives zeros before whatever comes first, as one does that floats until somebody drives it.
final class DippingLine: SerialLine {
  private let line: any SerialLine
  private var pending: [UInt8]
  private let isAlone: Bool

  /// Makes one around another line.
  init(_ line: any SerialLine, zeroCount: Int, isAlone: Bool = false) {
    self.line = line
    self.isAlone = isAlone
    pending = [UInt8](repeating: 0, count: zeroCount)
  }

  var identity: SerialIdentity { line.identity }
  var clock: any LinkClock { line.clock }
  var settings: SerialSettings { line.settings }

  func configure(_ settings: SerialSettings) throws(SerialError) { try line.configure(settings) }

  func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) { try line.send(bytes, by: deadline) }

  func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    let zeros = Array(pending.prefix(byteCount))
    pending.removeFirst(zeros.count)
    guard zeros.count < byteCount else { return zeros }
    do throws(SerialError) {
      guard !isAlone else { throw SerialError(.timeout, port: identity.name) }
      return try zeros + line.receive(byteCount - zeros.count, by: deadline)
    } catch {
      throw SerialError(error.reason, port: identity.name, received: zeros + error.received)
    }
  }

  func discardInput() throws(SerialError) { try line.discardInput() }
  func drive(_ line: ControlLine, active: Bool) throws(SerialError) { try self.line.drive(line, active: active) }
  func sendBreak(for duration: Duration) throws(SerialError) { try line.sendBreak(for: duration) }
  func close() { line.close() }
}
