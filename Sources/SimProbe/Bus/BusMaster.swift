/// Who makes a bus access.
///
/// Protection, caches and watchpoints tell them apart.
enum BusMaster {
  /// The core fetching instructions (I-Code below 0x2000_0000, else the system bus).
  case coreFetch
  /// The core loading or storing data.
  case coreData
  /// The debugger through the AHB access port.
  case debugger
  /// A DMA controller.
  case dma
}

/// The width of one bus access in bytes.
enum BusWidth: UInt32 {
  /// 8 bits.
  case byte = 1
  /// 16 bits.
  case halfword = 2
  /// 32 bits.
  case word = 4
}

/// How the bus answers an access.
enum BusAnswer: Equatable {
  /// Done. A read's value is right-aligned; a write's is meaningless. `cycles` is what the access costs beyond the
  /// first bus cycle (wait states, bridges).
  case done(UInt32, cycles: UInt32)
  /// The slave holds the bus until this time on the simulation's clock, in nanoseconds; the access has had no effect
  /// and is to be repeated then.
  case stalled(until: UInt64)
  /// A bus error.
  case fault
}

/// The bus matrix as its masters see it.
protocol SystemBus: AnyObject {
  /// Reads `width` bytes; the address is aligned to the width.
  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer

  /// Writes the low `width` bytes of `value`; the address is aligned to the width.
  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer

  /// Until when, on the simulation's clock in nanoseconds, reading a register has no effect and gives the same answer if
  /// nobody writes anything; nil where that is not known.
  func steadyEnd(_ address: UInt32) -> UInt64?

  /// Whether writing a value to a register would change nothing now, however often.
  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool
}

extension SystemBus {
  func steadyEnd(_ address: UInt32) -> UInt64? { nil }
  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool { false }
}
