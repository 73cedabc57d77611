import LinkInterface

/// What a program says on a serial port.
final class SerialVoice: ProgramVoice {
  private let line: any SerialLine
  /// More than comes between two looks at any rate.
  private static let mostBytes = 4096

  /// Listens to a line that is set up; what has come before is forgotten.
  init(_ line: any SerialLine) throws(DebugError) {
    self.line = line
    try onLine { () throws(SerialError) in try line.discardInput() }
  }

  func poll(atOnce: Bool) throws(DebugError) -> [ProgramOutput] {
    let bytes: [UInt8]
    do throws(SerialError) {
      bytes = try line.receive(SerialVoice.mostBytes, by: line.clock.deadline(after: .zero))
    } catch {
      guard error.reason == .timeout else { throw .serial(error, during: "listening to the serial port") }
      bytes = error.received
    }
    return bytes.isEmpty ? [] : [ProgramOutput(.serial, bytes)]
  }

  /// Sends what somebody has typed.
  func send(_ bytes: [UInt8]) throws(DebugError) {
    try onLine { () throws(SerialError) in try line.send(bytes, within: .seconds(2)) }
  }

  private func onLine(_ body: () throws(SerialError) -> Void) throws(DebugError) {
    do throws(SerialError) { try body() } catch { throw .serial(error, during: "talking to the serial port") }
  }
}
