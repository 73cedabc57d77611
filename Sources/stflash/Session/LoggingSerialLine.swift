import Basics
import LinkInterface

/// Tells of everything that goes over a serial line for `-vv`.
final class LoggingSerialLine: SerialLine {
  private let line: any SerialLine
  private let reporter: any Reporter

  /// The bytes of one piece that are shown.
  private static let shownByteCount = 32

  /// Makes a line that passes everything on to another one.
  init(_ line: any SerialLine, reporter: any Reporter) {
    self.line = line
    self.reporter = reporter
  }

  var identity: SerialIdentity { line.identity }
  var clock: any LinkClock { line.clock }
  var settings: SerialSettings { line.settings }

  func configure(_ settings: SerialSettings) throws(SerialError) {
    try telling("line \(settings.name)") { () throws(SerialError) in try line.configure(settings) }
  }

  func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    try telling("out \(Self.shown(bytes))") { () throws(SerialError) in try line.send(bytes, by: deadline) }
  }

  func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    do throws(SerialError) {
      let bytes = try line.receive(byteCount, by: deadline)
      tell("in \(Self.shown(bytes))")
      return bytes
    } catch {
      tell("in \(Self.shown(error.received)) instead of \(byteCount): \(error.reason)")
      throw error
    }
  }

  func discardInput() throws(SerialError) {
    try telling("input discarded") { () throws(SerialError) in try line.discardInput() }
  }

  func drive(_ control: ControlLine, active: Bool) throws(SerialError) {
    let name = control.rawValue.uppercased()
    try telling("\(name) \(active ? "active" : "inactive")") { () throws(SerialError) in
      try line.drive(control, active: active)
    }
  }

  func sendBreak(for duration: Duration) throws(SerialError) {
    try telling("break") { () throws(SerialError) in try line.sendBreak(for: duration) }
  }

  func close() { line.close() }

  private func telling(_ text: String, _ body: () throws(SerialError) -> Void) throws(SerialError) {
    do throws(SerialError) {
      try body()
      tell(text)
    } catch {
      tell("\(text) failed: \(error.reason)")
      throw error
    }
  }

  private func tell(_ text: String) { reporter.report(.transfer(text)) }

  private static func shown(_ bytes: [UInt8]) -> String {
    let rest = bytes.count > shownByteCount ? " ..." : ""
    return "(\(bytes.count)) \(Hexadecimal.text(bytes.prefix(shownByteCount), separator: " "))\(rest)"
  }
}
