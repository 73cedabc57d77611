import Basics

/// A USB device's serial number, as text that a user can type.
///
/// Most devices send text. Some firmware sends UTF-16 units that hold one raw byte each, the 12 of a microcontroller's
/// unique id, which is not valid text: a library's conversion to ASCII destroys it, so it is read from the string
/// descriptor itself and written in hexadecimal digits. Devices may send other lengths, all zeros, or the same number
/// all; a serial is therefore never the only key to a device.
public struct USBSerial: Sendable, Hashable, CustomStringConvertible {
  /// The canonical form: upper-case hexadecimal digits where the descriptor holds digits or raw bytes, else the
  /// descriptor's printable text.
  public let text: String

  /// Whether the descriptor held raw bytes instead of digits.
  let isRawEncoded: Bool

  /// The size of a raw number: a 96-bit unique id.
  private static let byteCount = 12

  /// Reads a serial from a whole string descriptor (bLength, bDescriptorType 3, UTF-16 units).
  ///
  /// - Returns: nil when the bytes are not a string descriptor or hold no unit.
  public init?(descriptor: [UInt8]) {
    guard descriptor.count >= 4, descriptor[1] == 0x03, Int(descriptor[0]) <= descriptor.count else { return nil }
    let length = Int(descriptor[0]) & ~1
    guard length >= 4 else { return nil }
    let units = stride(from: 2, to: length, by: 2).map { UInt16(descriptor[$0]) | UInt16(descriptor[$0 + 1]) << 8 }
    self.init(units: units)
  }

  /// Makes a serial from the text that a user or a recording gives.
  public init(text: String) {
    self.init(text: text.allSatisfy(\.isHexDigit) ? text.uppercased() : text, isRawEncoded: false)
  }

  private init(text: String, isRawEncoded: Bool) {
    self.text = text
    self.isRawEncoded = isRawEncoded
  }

  private init(units: [UInt16]) {
    let isText = units.allSatisfy { (0x20...0x7E).contains($0) }
    // Twelve printable units may be either; digits are digits (the DFU mode of an STM32's ROM sends twelve).
    if isText && (units.count != USBSerial.byteCount || units.allSatisfy(USBSerial.isDigit)) {
      self.init(text: String(decoding: units, as: UTF16.self))
    } else {
      let digits = units.map { Hexadecimal.digits(UInt8(truncatingIfNeeded: $0), width: 2) }
      self.init(text: digits.joined(), isRawEncoded: true)
    }
  }

  private static func isDigit(_ unit: UInt16) -> Bool {
    UInt8(exactly: unit).map { Character(Unicode.Scalar($0)).isHexDigit } ?? false
  }

  /// The canonical form.
  public var description: String { text }
}
