/// A serial port of a simulated chip that can be used now.
struct ConnectedSerialPort: CommandResult {
  /// The serial port, or "COM port".
  let port: String
  /// Where it can be opened.
  let path: String
  /// How its use is ended; nil for as usual.
  let ending: String?

  let name = "serialPort"
  let isConfirmation = true

  var lines: [String] {
    let place = path == SerialPortChoice.standardStreams ? "this terminal" : path
    return ["serial  \(port) at \(place)\(ending.map { "; \($0)" } ?? "")"]
  }

  var members: [JSONMember] {
    [JSONMember("port", .string(port)), JSONMember("path", .string(path))]
  }
}
