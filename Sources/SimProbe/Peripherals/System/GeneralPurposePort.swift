/// One GPIO port and what drives its pins from outside, which is nothing at first (RM0090, 8.4).
final class GeneralPurposePort: Peripheral {
  let name: String
  let registers: RegisterFile
  /// How often each output has changed its level.
  private(set) var changeCounts = [Int](repeating: 0, count: 16)
  /// MODER, when it has been written or reset.
  let modeChanged = Signal<UInt32>()
  /// The levels of the pins, when they have changed.
  let levelsChanged = Signal<UInt32>()

  /// The pins that something outside drives, and how.
  private var driven: UInt32 = 0
  private var drivenLevels: UInt32 = 0
  /// The pins that resistors outside hold high, and those that they hold low; they are stronger than the chip's own.
  private var pulledHigh: UInt32 = 0
  private var pulledLow: UInt32 = 0
  private var knownLevels: UInt32 = 0

  private static let moder: UInt32 = 0x00
  private static let pupdr: UInt32 = 0x0C
  private static let idr: UInt32 = 0x10
  private static let odr: UInt32 = 0x14
  private static let bsrr: UInt32 = 0x18
  private static let afrl: UInt32 = 0x20

  /// Reset values of MODER, OSPEEDR and PUPDR where the debug port's pins make them differ from 0.
  private static let resetValues: [String: (moder: UInt32, ospeedr: UInt32, pupdr: UInt32)] = [
    "GPIOA": (0xA800_0000, 0x0C00_0000, 0x6400_0000), "GPIOB": (0x0000_0280, 0x0000_00C0, 0x0000_0100),
  ]

  /// Makes a port by its name.
  init(_ name: String) {
    self.name = name
    let reset = GeneralPurposePort.resetValues[name, default: (0, 0, 0)]
    registers = RegisterFile([
      RegisterDescription("MODER", at: Self.moder, reset: reset.moder, writable: 0xFFFF_FFFF),
      RegisterDescription("OTYPER", at: 0x04, writable: 0xFFFF),
      RegisterDescription("OSPEEDR", at: 0x08, reset: reset.ospeedr, writable: 0xFFFF_FFFF),
      RegisterDescription("PUPDR", at: Self.pupdr, reset: reset.pupdr, writable: 0xFFFF_FFFF),
      RegisterDescription("IDR", at: Self.idr, [RegisterField("IDR", 0...15, .readOnly)]),
      RegisterDescription("ODR", at: Self.odr, writable: 0xFFFF),
      RegisterDescription("BSRR", at: Self.bsrr, [RegisterField("BSRR", 0...31, .writeOnly)]),
      RegisterDescription("LCKR", at: 0x1C, writable: 0x1_FFFF),
      RegisterDescription("AFRL", at: Self.afrl, writable: 0xFFFF_FFFF),
      RegisterDescription("AFRH", at: 0x24, writable: 0xFFFF_FFFF),
    ])
  }

  /// The pins in output mode.
  var outputs: UInt32 { Self.pins(with: 0b01, in: registers[Self.moder]) }

  /// The levels of the pins: outputs are what they drive, and inputs what the outside or a pull-up or pull-down makes
  /// of them; analog pins read 0.
  var levels: UInt32 {
    let outputs = outputs
    let pulledUp = Self.pins(with: 0b01, in: registers[Self.pupdr])
    let pulled = pulledHigh | pulledUp & ~pulledLow
    let inputs = drivenLevels & driven | pulled & ~driven
    return (registers[Self.odr] & outputs | inputs & ~outputs) & ~Self.pins(with: 0b11, in: registers[Self.moder])
  }

  /// The alternate function that a pin has been given to; nil for a pin in another mode.
  func alternateFunction(of pin: Int) -> UInt32? {
    guard registers[Self.moder] >> UInt32(2 * pin) & 0b11 == 0b10 else { return nil }
    return registers[Self.afrl + UInt32(pin / 8 * 4)] >> UInt32(pin % 8 * 4) & 0xF
  }

  /// Drives a pin from outside, or lets go of it.
  func drive(pin: Int, high: Bool?) {
    let bit: UInt32 = 1 << UInt32(pin)
    driven = high == nil ? driven & ~bit : driven | bit
    drivenLevels = high == true ? drivenLevels | bit : drivenLevels & ~bit
    noteLevels()
  }

  /// Connects a pin to the supply or to ground through a resistor outside.
  func pull(pin: Int, high: Bool) {
    let bit: UInt32 = 1 << UInt32(pin)
    pulledHigh = high ? pulledHigh | bit : pulledHigh & ~bit
    pulledLow = high ? pulledLow & ~bit : pulledLow | bit
    noteLevels()
  }

  /// The pins whose two bits in a register have a value.
  private static func pins(with value: UInt32, in word: UInt32) -> UInt32 {
    let different = word ^ value &* 0x5555_5555
    var pairs = ~(different | different >> 1) & 0x5555_5555
    // Every second bit moves together, in steps of doubling width.
    pairs = (pairs | pairs >> 1) & 0x3333_3333
    pairs = (pairs | pairs >> 2) & 0x0F0F_0F0F
    pairs = (pairs | pairs >> 4) & 0x00FF_00FF
    return (pairs | pairs >> 8) & 0xFFFF
  }

  func isSteady(_ offset: UInt32) -> Bool { true }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    if offset == Self.idr { registers[Self.idr] = levels }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    let before = offset == Self.odr ? old : registers[Self.odr]
    defer {
      countChanges((registers[Self.odr] ^ before) & outputs)
      noteLevels()
    }
    switch offset {
    case Self.moder: modeChanged.send(registers[Self.moder])
    case Self.bsrr: registers[Self.odr] = registers[Self.odr] & ~(written >> 16) | written & 0xFFFF
    default: break
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    modeChanged.send(registers[Self.moder])
    noteLevels()
  }

  private func noteLevels() {
    let levels = levels
    guard levels != knownLevels else { return }
    knownLevels = levels
    levelsChanged.send(levels)
  }

  private func countChanges(_ pins: UInt32) {
    guard pins != 0 else { return }
    for pin in 0..<16 where pins & 1 << UInt32(pin) != 0 { changeCounts[pin] += 1 }
  }
}
