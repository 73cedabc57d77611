/// A chip of another family, as far as programs ask who it is: its debug port, its identity, its memories; it executes nothing
/// and cannot be programmed.
struct ForeignChip: Equatable, Sendable {
  /// The name to ask for: "stm32f103c8".
  let name: String
  /// The name on the package.
  let product: String
  /// The chip whose debug logic and core it borrows.
  let host: String
  /// DPIDR, IDR and BASE of its first access port, and CPUID.
  let debugPort: UInt32
  let accessPort: UInt32
  let romTable: UInt32
  let processor: UInt32
  /// What registers and words of information hold after a reset, by address.
  let words: [UInt32: UInt32]
  /// The flash, which is erased, and the RAM.
  let flash: Range<UInt32>
  let memories: [Range<UInt32>]
  /// Blocks of registers that read zero but for `words`.
  let peripherals: [Range<UInt32>]

  /// CPUID (ARMv7-M, B3.2.3).
  static let processorAddress: UInt32 = 0xE000_ED00
  /// What belongs to the debug logic and the core, which is the host's (ARMv7-M, B3.1).
  static let corePeripherals: Range<UInt32> = 0xE000_0000..<0xE004_2000
  /// The table that says where the parts of the debug logic are.
  static let coreTable: Range<UInt32> = 0xE00F_F000..<0xE010_0000

  /// The chips.
  static let all: [ForeignChip] = [
    // RM0008 (2.3, 3.3, 31.6), PM0075, DS5319; SW-DP of the Cortex-M3 r1p1.
    ForeignChip(
      name: "stm32f103c8", product: "STM32F103C8", host: "stm32f207zg", debugPort: 0x1BA0_1477, accessPort: 0x1477_0011,
      romTable: 0xE00F_F003, processor: 0x411F_C231,
      words: [
        0xE004_2000: 0x2003_6410, 0x1FFF_F7E0: 0xFFFF_0040, 0x4002_2000: 0x30, 0x4002_2010: 0x80,
        0x4002_201C: 0x03FF_FFFC, 0x4002_2020: 0xFFFF_FFFF,
      ],
      flash: 0x0800_0000..<0x0801_0000, memories: [0x2000_0000..<0x2000_5000],
      peripherals: [0x4000_0000..<0x4002_3400, 0x1FFF_F000..<0x1FFF_F810, 0xE004_2000..<0xE004_2400]),
    // RM0433 (2.3, 60.5), DS12110; revision V.
    ForeignChip(
      name: "stm32h743zi", product: "STM32H743ZI", host: "stm32f429zi", debugPort: 0x6BA0_2477, accessPort: 0x8477_0001,
      romTable: 0xE00F_E003, processor: 0x411F_C271,
      words: [
        0xE00F_E000: 0x0000_1003, 0x5C00_1000: 0x2003_6450, 0x1FF1_E880: 2048, 0x5200_200C: 0x31, 0x5200_2000: 0x37,
      ],
      flash: 0x0800_0000..<0x0820_0000,
      memories: [
        0x0000_0000..<0x0001_0000, 0x2000_0000..<0x2002_0000, 0x2400_0000..<0x2408_0000, 0x3000_0000..<0x3004_8000,
        0x3800_0000..<0x3801_0000,
      ],
      peripherals: [
        0x4000_0000..<0x4800_0000, 0x5200_0000..<0x5200_4000, 0x5800_0000..<0x5802_7000,
        0x5C00_1000..<0x5C00_1400, 0x1FF0_0000..<0x1FF2_0000, 0xE00F_E000..<0xE00F_F000,
      ]),
    // Artery's device list (0x7005_0344), reports of its debug port; a Cortex-M4 where an F103 has an M3.
    ForeignChip(
      name: "at32f403avg", product: "AT32F403AVGT7", host: "stm32f407vg", debugPort: 0x2BA0_1477,
      accessPort: 0x2477_0011,
      romTable: 0xE00F_F003, processor: 0x410F_C241,
      words: [0xE004_2000: 0x7005_0344, 0x1FFF_F7E0: 0xFFFF_0400, 0x4002_2010: 0x80],
      flash: 0x0800_0000..<0x0810_0000, memories: [0x2000_0000..<0x2001_8000],
      peripherals: [0x4000_0000..<0x4002_3400, 0x1FFF_F000..<0x1FFF_F810, 0xE004_2000..<0xE004_2400]),
  ]

  /// The chip with a name, in any case.
  static func named(_ text: String) -> ForeignChip? { all.first { $0.name == text.lowercased() } }
}

/// The bus of a foreign chip as its access port reaches it.
final class ForeignBus: SystemBus {
  private let facts: ForeignChip
  private let host: Chip
  private var written: [UInt32: UInt32] = [:]

  init(_ facts: ForeignChip, host: Chip) {
    (self.facts, self.host) = (facts, host)
  }

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if address == ForeignChip.processorAddress { return .done(facts.processor, cycles: 1) }
    if ForeignBus.isHosts(address) { return host.read(address, width, by: master) }
    if facts.flash.contains(address) { return .done(ByteLanes(address, width).extract(from: .max), cycles: 1) }
    guard isThere(address) else { return .fault }
    let word = address & ~0b11
    return .done(ByteLanes(address, width).extract(from: written[word] ?? facts.words[word] ?? 0), cycles: 1)
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if ForeignBus.isHosts(address) { return host.write(address, value, width, by: master) }
    // Only RAM keeps what is written; a flash that is locked faults, registers without a model stay as they are.
    if facts.flash.contains(address) { return .fault }
    guard isThere(address) else { return .fault }
    guard facts.memories.contains(where: { $0.contains(address) }) else { return .done(0, cycles: 1) }
    let word = address & ~0b11
    written[word] = ByteLanes(address, width).merge(value, into: written[word] ?? 0)
    return .done(0, cycles: 1)
  }

  func steadyEnd(_ address: UInt32) -> UInt64? { nil }
  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool { false }

  private static func isHosts(_ address: UInt32) -> Bool {
    ForeignChip.corePeripherals.contains(address) || ForeignChip.coreTable.contains(address)
  }

  private func isThere(_ address: UInt32) -> Bool {
    facts.memories.contains { $0.contains(address) } || facts.peripherals.contains { $0.contains(address) }
  }
}
