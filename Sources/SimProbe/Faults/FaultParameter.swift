import Basics

/// What a fault's argument means: a number with its unit, range and usual value.
public struct FaultParameter: Sendable, Equatable {
  /// What the number is, in a word or two: "voltage", "first sector".
  public let name: String
  /// The unit; empty for a plain number.
  public let unit: String
  /// What is taken.
  public let range: ClosedRange<Int>
  /// The value where none is given.
  public let usual: Int
  /// Whether the number is an address, which is written in hexadecimal.
  let isAddress: Bool

  init(_ name: String, _ unit: String = "", _ range: ClosedRange<Int>, usual: Int, isAddress: Bool = false) {
    self.name = name
    self.unit = unit
    self.range = range
    self.usual = usual
    self.isAddress = isAddress
  }

  /// The parameter in words: name, range with unit, usual value.
  public var text: String {
    let span = "\(shown(range.lowerBound)) to \(shown(range.upperBound))"
    return "\(name), \(span)\(unit.isEmpty ? "" : " \(unit)") (usually \(shown(usual)))"
  }

  /// A value as people read it.
  private func shown(_ value: Int) -> String { isAddress ? format(value) : value.grouped }

  /// A value of the parameter as it is written.
  func format(_ value: Int) -> String {
    isAddress ? "0x\(String(value, radix: 16, uppercase: true))" : "\(value)"
  }

  /// Reads a decimal or 0x hexadecimal number.
  static func number(_ text: String) -> Int? {
    text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : text.first == "+" ? nil : Int(text)
  }
}
