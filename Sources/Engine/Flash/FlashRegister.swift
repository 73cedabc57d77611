/// The registers of the flash interface; base 0x4002_3C00 on every F2 and F4 (RM0090, 3.9; RM0033, 3.6).
enum FlashRegister {
  private static let base: UInt32 = 0x4002_3C00

  /// Access control: wait states, prefetch, caches.
  static let accessControl = base
  /// Takes the two keys that unlock CR.
  static let key = base + 0x04
  /// Status.
  static let status = base + 0x0C
  /// Control.
  static let control = base + 0x10
  /// Option control.
  static let optionControl = base + 0x14
  /// Option control of bank 2; on DEV_ID 0x419 and 0x434 only.
  static let optionControl1 = base + 0x18

  /// The keys for `key`, in order (RM0090, 3.6.1).
  static let keys: [UInt32] = [0x4567_0123, 0xCDEF_89AB]
}

/// A stretch of bits of a register.
struct RegisterField: Sendable, Equatable {
  /// The manual's name.
  var name: String
  /// The position of the lowest bit.
  var position: UInt32
  /// The number of bits.
  var width: UInt32

  init(_ name: String, _ position: UInt32, width: UInt32 = 1) {
    self.name = name
    self.position = position
    self.width = width
  }

  /// All bits of the field in place.
  var mask: UInt32 { ((1 << width) - 1) << position }

  /// The field's value out of a register's.
  func value(in register: UInt32) -> UInt32 { (register & mask) >> position }

  /// Whether any bit of the field is set.
  func isSet(in register: UInt32) -> Bool { register & mask != 0 }

  /// A register's value with the field set to `value`, of which only the bits that fit are taken.
  func setting(_ value: UInt32, in register: UInt32) -> UInt32 {
    register & ~mask | value << position & mask
  }
}
