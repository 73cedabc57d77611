import Engine
import Failures
import LinkInterface
import Links

extension TargetRun.Bench {
  /// Opens the serial port that a program talks to, 8N1.
  ///
  /// - Parameter port: "auto" for the COM port of the probe, "off" for none, a path, or a port of the simulated chip.
  /// - Returns: nil where there is none to open.
  func openSerialLine(
    _ port: String, baudRate: Int, _ context: CommandContext
  ) throws(CommandFailure) -> (any SerialLine)? {
    guard port != "off", let line = try link.openSerialPort(port == "auto" ? nil : port, context) else { return nil }
    try reporting { () throws(SerialError) in try line.configure(SerialSettings(baudRate: baudRate)) }
    return line
  }
}
