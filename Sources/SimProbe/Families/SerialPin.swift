/// A pin at which a serial port can be reached, and the alternate function that connects it.
struct SerialPin: Equatable, Sendable {
  /// The serial port: "USART3".
  let serialPort: String
  /// Whether the port sends there; else it receives.
  let isTransmit: Bool
  /// The pin.
  let pin: PinName
  /// The alternate function.
  let function: UInt32
}

/// A pin by its port, from A on, and its number there.
struct PinName: Equatable, Sendable, CustomStringConvertible {
  let port: Int
  let number: Int

  init(port: Int, number: Int) {
    self.port = port
    self.number = number
  }

  /// A pin by its name without the P: "C13".
  init(_ name: Substring) {
    port = name.utf8.first.map { Int($0) - Int(UInt8(ascii: "A")) } ?? 0
    number = Int(name.dropFirst()) ?? 0
  }

  /// A pin as manuals write it, "PC13"; nil where there is no such pin.
  init?(written name: some StringProtocol) {
    let letters = Array(name.uppercased())
    guard letters.count >= 3, letters[0] == "P", ("A"..."K").contains(letters[1]),
      let number = Int(String(letters[2...])), (0...15).contains(number)
    else { return nil }
    self.init(Substring(String(letters[1...])))
  }

  var description: String { "P\(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(port))))\(number)" }
}

extension SerialPin {
  /// The pins of a table's lines: a serial port, a direction, an alternate function, and pins.
  static func table(_ text: String) -> [SerialPin] {
    text.split(separator: "\n").flatMap { line -> [SerialPin] in
      let words = line.split(separator: " ")
      guard words.count > 3, let function = UInt32(words[2].dropFirst(2)) else { return [] }
      return words[3...].map {
        SerialPin(serialPort: String(words[0]), isTransmit: words[1] == "TX", pin: PinName($0), function: function)
      }
    }
  }
}
