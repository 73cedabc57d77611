/// One GPIO port: registers without anything at the pins (RM0090, 8.4).
final class GeneralPurposePort: Peripheral {
  let name: String
  var registers: RegisterFile
  /// Called with MODER when it has been written or reset.
  var modeChanged: ((UInt32) -> Void)?

  private static let moder: UInt32 = 0x00
  private static let idr: UInt32 = 0x10
  private static let odr: UInt32 = 0x14
  private static let bsrr: UInt32 = 0x18

  /// Reset values of MODER, OSPEEDR and PUPDR where the debug port's pins make them differ from 0.
  private static let resetValues: [Character: (moder: UInt32, ospeedr: UInt32, pupdr: UInt32)] = [
    "A": (0xA800_0000, 0x0C00_0000, 0x6400_0000), "B": (0x0000_0280, 0x0000_00C0, 0x0000_0100),
  ]

  /// Makes a port by its letter.
  init(_ letter: Character) {
    name = "GPIO\(letter)"
    let reset = GeneralPurposePort.resetValues[letter, default: (0, 0, 0)]
    registers = RegisterFile([
      RegisterDescription("MODER", at: Self.moder, reset: reset.moder, writable: 0xFFFF_FFFF),
      RegisterDescription("OTYPER", at: 0x04, writable: 0xFFFF),
      RegisterDescription("OSPEEDR", at: 0x08, reset: reset.ospeedr, writable: 0xFFFF_FFFF),
      RegisterDescription("PUPDR", at: 0x0C, reset: reset.pupdr, writable: 0xFFFF_FFFF),
      RegisterDescription("IDR", at: Self.idr, [RegisterField("IDR", 0...15, .readOnly)]),
      RegisterDescription("ODR", at: Self.odr, writable: 0xFFFF),
      RegisterDescription("BSRR", at: Self.bsrr, [RegisterField("BSRR", 0...31, .writeOnly)]),
      RegisterDescription("LCKR", at: 0x1C, writable: 0x1_FFFF),
      RegisterDescription("AFRL", at: 0x20, writable: 0xFFFF_FFFF),
      RegisterDescription("AFRH", at: 0x24, writable: 0xFFFF_FFFF),
    ])
  }

  /// Outputs read back what they drive; nothing drives the inputs.
  func prepareRead(_ offset: UInt32, now: UInt64) {
    guard offset == Self.idr else { return }
    let modes = registers[Self.moder]
    let outputs = (UInt32(0)..<16).filter { modes >> ($0 * 2) & 0b11 == 0b01 }.reduce(0 as UInt32) { $0 | 1 << $1 }
    registers[Self.idr] = registers[Self.odr] & outputs
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.moder: modeChanged?(registers[Self.moder])
    case Self.bsrr: registers[Self.odr] = registers[Self.odr] & ~(written >> 16) | written & 0xFFFF
    default: break
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    modeChanged?(registers[Self.moder])
  }
}
