import Basics

/// What a chip's serial ports send, line by line.
final class SerialConsole {
  private var lines: [(port: String, bytes: [UInt8])] = []
  private let output: (ConsoleLine) -> Void

  /// The longest line; more is broken.
  private static let longestLine = 400

  /// Makes a console that hands on each line when it ends.
  init(output: @escaping (ConsoleLine) -> Void) {
    self.output = output
  }

  /// Takes a byte from a port.
  func take(_ byte: UInt8, from port: String) {
    let index = lines.firstIndex { $0.port == port } ?? lines.endIndex
    if index == lines.endIndex { lines.append((port, [])) }
    switch byte {
    case UInt8(ascii: "\n"): finishLine(index)
    case UInt8(ascii: "\r"): break
    default:
      lines[index].bytes.append(byte)
      if lines[index].bytes.count >= Self.longestLine { finishLine(index) }
    }
  }

  /// Hands on lines that have not ended.
  func flush() {
    for index in lines.indices where !lines[index].bytes.isEmpty { finishLine(index) }
  }

  private func finishLine(_ index: Int) {
    output(ConsoleLine(port: lines[index].port, bytes: lines[index].bytes))
    lines[index].bytes = []
  }
}

/// A line that a simulated chip's serial port has sent.
public struct ConsoleLine: Sendable, Equatable {
  /// The serial port: "USART3".
  public var port: String
  /// The bytes without the line's end.
  public let bytes: [UInt8]

  /// A line of a port.
  public init(port: String, bytes: [UInt8]) {
    self.port = port
    self.bytes = bytes
  }

  /// The line as text: UTF-8 where it is, and control characters and other bytes as \xNN.
  public var text: String {
    var text = ""
    var rest = bytes[...]
    while !rest.isEmpty {
      var parser = UTF8.ForwardParser()
      var iterator = rest.makeIterator()
      var length = 1
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        length = encoded.count
        let scalar = UTF8.decode(encoded)
        text += Self.isShown(scalar) ? String(scalar) : Self.escaped(rest.prefix(length))
      case .error(let invalid):
        length = invalid
        text += Self.escaped(rest.prefix(length))
      case .emptyInput: break
      }
      rest = rest.dropFirst(length)
    }
    return text
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
  }

  private static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { "\\x" + Hexadecimal.digits($0, width: 2) }.joined()
  }
}
