import ArgumentParser

/// A serial port of a simulated chip and what it is connected to: `[PORT=]PATH`.
struct SerialPortChoice: Equatable {
  /// The serial port's name in capitals; nil for the probe's COM port, as the board wires it.
  let port: String?
  /// Where it can be opened; "-" for this program's own input and output.
  let path: String

  /// The path that stands for standard input and output.
  static let standardStreams = "-"

  var usesStandardStreams: Bool { path == Self.standardStreams }

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts.count == 2 ? parts[0].uppercased() : nil
    port = name == "COM" ? nil : name
    path = parts[parts.count - 1]
    if path.isEmpty || name?.isEmpty == true {
      throw ValidationError("\"\(text)\" names no path: /tmp/tty for the probe's COM port, or USART2=/tmp/tty.")
    }
  }
}
