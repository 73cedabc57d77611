/// The buses whose peripherals RCC clocks and resets one by one.
enum PeripheralBus: UInt32, Sendable {
  // The raw values are the offsets of the enable registers.
  case ahb1 = 0x30
  case ahb2 = 0x34
  case ahb3 = 0x38
  case apb1 = 0x40
  case apb2 = 0x44

  /// The register that enables the peripherals' clocks.
  var enableRegister: UInt32 { rawValue }
  /// The register that holds the peripherals in reset.
  var resetRegister: UInt32 { rawValue - 0x20 }
  /// The register that keeps the clocks on in Sleep.
  var sleepRegister: UInt32 { rawValue + 0x20 }

  /// The clock of what is on the bus.
  var branch: ClockTree.Branch {
    switch self {
    case .ahb1, .ahb2, .ahb3: .ahb
    case .apb1: .apb1
    case .apb2: .apb2
    }
  }
}

/// A peripheral's bits in RCC's registers: without its clock it reads 0 and ignores writes.
struct ClockGate: Equatable, Sendable {
  /// The bus.
  let bus: PeripheralBus
  /// The bits of the enable register, any of which gives the clock.
  let enable: UInt32
  /// The bits of the reset register.
  let reset: UInt32

  /// A peripheral with the same bit in both registers.
  init(_ bus: PeripheralBus, _ bit: UInt32) {
    self.bus = bus
    enable = 1 << bit
    reset = 1 << bit
  }

  /// A peripheral with bits of its own.
  init(_ bus: PeripheralBus, enable: UInt32, reset: UInt32) {
    self.bus = bus
    self.enable = enable
    self.reset = reset
  }
}
