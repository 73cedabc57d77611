/// The exceptions that the architecture numbers (ARMv7-M, B1.5.2); external interrupts follow from 16 on.
enum ExceptionNumber {
  static let reset = 1
  static let nonMaskable = 2
  static let hardFault = 3
  static let memoryManagement = 4
  static let busFault = 5
  static let usageFault = 6
  static let supervisorCall = 11
  static let debugMonitor = 12
  static let pendSV = 14
  static let sysTick = 15
  /// The exception number of external interrupt 0.
  static let firstInterrupt = 16

  /// The faults by their numbers.
  static let faultNames = [
    hardFault: "HardFault", memoryManagement: "MemManage", busFault: "BusFault", usageFault: "UsageFault",
  ]

  /// How many exceptions the model can hold, external interrupts included.
  static let limit = 128
}

/// A set of exceptions: bit n stands for exception number n.
typealias ExceptionSet = UInt128

extension UInt128 {
  /// The set of one exception.
  static func exception(_ number: Int) -> UInt128 { 1 << UInt128(number) }

  /// Whether an exception is in the set.
  func contains(exception number: Int) -> Bool { self & .exception(number) != 0 }

  /// Puts an exception into the set or takes it out.
  mutating func set(exception number: Int, _ isMember: Bool) {
    if isMember { self |= .exception(number) } else { self &= ~.exception(number) }
  }

  /// Calls a function for every member, in rising order.
  func forEachException(_ body: (Int) -> Void) {
    var rest = self
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }
}
