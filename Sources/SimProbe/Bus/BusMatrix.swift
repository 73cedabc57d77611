/// The address space of one chip: decodes an address and hands the access to what lies there.
///
/// Addresses that nothing answers to are bus errors. The order of the decoder follows how often each range is used.
final class BusMatrix: SystemBus {
  /// The flash interface.
  let flash: FlashInterface
  /// The RAM from 0x2000_0000 on.
  let sram: MemoryRegion
  /// A second piece of RAM behind a hole (F205xB and F205xC); empty else.
  let upperSRAM: MemoryRegion
  /// The core-coupled memory; empty where there is none.
  let coupled: MemoryRegion
  /// The backup SRAM; empty where there is none.
  let backup: MemoryRegion
  /// The ROM bootloader.
  let systemMemory: MemoryRegion
  /// The core's private peripherals.
  var core: (any PrivatePeripheralBus)?
  /// The debug unit at 0xE004_2000.
  var debugUnit: (any Peripheral)?

  /// The controller for memory outside of the chip; nil where the part has none.
  var external: ExternalMemoryController?
  /// What clocks that controller.
  var externalGate: ClockGate?

  /// `fastMemory` has changed.
  let fastMemoryChanged = Signal<Void>()

  /// What address 0 shows.
  private(set) var bootSource = BootSource.mainFlash
  /// The distance by which the banks have changed places (SYSCFG_MEMRMP.FB_MODE): 0, or a bank's size.
  private(set) var bankSwap: UInt32 = 0
  /// Whether the clock of the backup SRAM is on (RCC_AHB1ENR.BKPSRAMEN).
  var isBackupClocked = false
  /// Whether the backup domain takes writes (PWR_CR.DBP).
  var isBackupWritable = false
  /// Whether the clock of the core-coupled memory is on (RCC_AHB1ENR.CCMDATARAMEN).
  private(set) var isCoupledClocked = true
  /// The 96-bit unique identifier.
  var uniqueID: [UInt8]
  /// What the flash size register says, in KiB.
  var flashSizeWord: UInt16

  /// The time of the access that a DMA controller makes.
  var directAccessTime: UInt64 = 0

  /// The peripherals behind the flash interface and the backup SRAM.
  let peripherals: PeripheralSpace

  /// Where things lie.
  let memory: MemoryMap

  private let clock: VirtualClock
  private let upperSRAMBase: UInt32
  private let hasSecondBank: Bool
  private let factoryWords: [UInt32]

  /// Makes the address space of a part, with RAM that holds what chance left there.
  init(variant: ChipVariant, flash: FlashInterface, clock: VirtualClock, uniqueID: [UInt8]) {
    let family = variant.family
    memory = family.memory
    systemMemory = SystemMemory.make(family.memory, variant.die.factory.bootloader)
    peripherals = PeripheralSpace(family.peripherals.blocks)
    self.flash = flash
    self.clock = clock
    self.uniqueID = uniqueID
    flashSizeWord = UInt16(truncatingIfNeeded: variant.flashByteCount >> 10)
    hasSecondBank = variant.die.hasSecondBankRegisters
    factoryWords = variant.die.factory.words
    let ranges = variant.sramRanges
    sram = MemoryRegion(byteCount: ranges[0].count, filledWith: 0)
    upperSRAM = MemoryRegion(byteCount: ranges.count > 1 ? ranges[1].count : 0, filledWith: 0)
    upperSRAMBase = ranges.last?.lowerBound ?? 0
    coupled = MemoryRegion(byteCount: variant.coupledMemoryRange?.count ?? 0, filledWith: 0)
    backup = MemoryRegion(byteCount: variant.die.hasBackupSRAM ? family.memory.backupSRAM.count : 0, filledWith: 0xFF)
    flash.directReadsEnded.connect(to: self) { $0.fastMemoryChanged.send() }
  }

  // MARK: Inputs

  /// Shows another memory at address 0, or the banks in the other order.
  func remap(to source: BootSource, bankSwap: UInt32 = 0) {
    guard source != bootSource || bankSwap != self.bankSwap else { return }
    (bootSource, self.bankSwap) = (source, bankSwap)
    fastMemoryChanged.send()
  }

  /// RCC_AHB1ENR has changed: the clocks of the backup SRAM and of the core-coupled memory.
  func memoryClocksChanged(_ enabled: UInt32) {
    isBackupClocked = enabled & 1 << 18 != 0
    let wasCoupledClocked = isCoupledClocked
    isCoupledClocked = enabled & 1 << 20 != 0
    if isCoupledClocked != wasCoupledClocked { fastMemoryChanged.send() }
  }

  /// Fills the RAM as a power-up does; the backup SRAM only where its supply failed too.
  func loseMemory(_ random: inout ChipRandom, keepsBackup: Bool = false) {
    sram.randomize(with: &random)
    upperSRAM.randomize(with: &random)
    coupled.randomize(with: &random)
    external?.loseSupply()
    if !keepsBackup { backup.randomize(with: &random) }
  }

  /// Software fills all of its RAM with zeros.
  func clearMemory() {
    for region in [sram, upperSRAM] { region.fill(0..<region.byteCount, with: 0x00) }
  }

  /// What an RDP regression leaves of the backup SRAM.
  func eraseBackup() {
    backup.fill(0..<backup.byteCount, with: 0x00)
  }

  /// The time of an access: the core's own while it catches up, else the clock's.
  private func now(_ master: BusMaster) -> UInt64 {
    switch master {
    case .coreFetch, .coreData: core?.localNanoseconds ?? clock.nanoseconds
    case .debugger: clock.nanoseconds
    case .dma: directAccessTime
    }
  }

  // MARK: Reading

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    switch address >> 28 {
    case 0x0: readFlash(address, width, by: master)
    case 0x1: readInformation(address, width, by: master)
    case 0x2: readSRAM(address, width, by: master)
    case 0x4, 0x5, 0xA: readPeripheral(address, width, by: master)
    case 0x6...0x9, 0xC, 0xD: readExternal(address, width, by: master)
    case 0xE: readPrivate(address, width, by: master)
    default: nothing(address, width, nil, by: master)
    }
  }

  private func readFlash(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let remapped = remap(address) { return read(remapped, width, by: master) }
    guard address >= memory.flashBase else { return .fault }
    let offset = (address - memory.flashBase) ^ bankSwap
    guard Int(offset) < flash.main.byteCount else { return nothing(address, width, nil, by: master) }
    let answer = flash.read(at: Int(offset), width, by: master, now: now(master))
    if !flash.hasDirectReads, master == .coreFetch || master == .coreData, flash.beginDirectReads() {
      fastMemoryChanged.send()
    }
    return answer
  }

  private func readSRAM(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    let offset = Int(address - memory.sramBase)
    if offset < sram.byteCount { return .done(sram.load(width, at: offset), cycles: 0) }
    if memory.sramBitBand.contains(address) { return readBit(address, width, by: master) }
    guard address >= upperSRAMBase, Int(address - upperSRAMBase) < upperSRAM.byteCount else {
      return nothing(address, width, nil, by: master)
    }
    return .done(upperSRAM.load(width, at: Int(address - upperSRAMBase)), cycles: 0)
  }

  private func readInformation(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let offset = coupledOffset(address) {
      guard master == .coreData || master == .debugger else { return .fault }
      return .done(isCoupledClocked ? coupled.load(width, at: offset) : 0, cycles: 0)
    }
    guard
      memory.informationBlock.contains(address) || hasSecondBank && memory.optionBytes2.contains(address)
    else { return .fault }
    let now = now(master)
    if memory.otp.contains(address) {
      return flash.readOTP(at: Int(address - memory.otp.lowerBound), width, now: now)
    }
    if let end = flash.informationBlockStall(now) { return .stalled(until: end) }
    // Public logs of an F407 and an F415 at level 1: the size faults. Whether system memory does is not known.
    if flash.isShutByReadProtection, memory.factoryBlock.contains(address) { return .fault }
    if memory.systemMemory.contains(address) {
      let value = systemMemory.load(width, at: Int(address - memory.systemMemory.lowerBound))
      return .done(flash.sensed(value, width), cycles: flash.latency)
    }
    var value: UInt32 = 0
    for byte in 0..<width.rawValue { value |= UInt32(informationByte(address + byte)) << (8 * byte) }
    return .done(flash.sensed(value, width), cycles: flash.latency)
  }

  private func informationByte(_ address: UInt32) -> UInt8 {
    switch address {
    case memory.uniqueID: uniqueID[Int(address - memory.uniqueID.lowerBound)]
    case memory.flashSizeAddress: UInt8(truncatingIfNeeded: flashSizeWord)
    case memory.flashSizeAddress + 1: UInt8(truncatingIfNeeded: flashSizeWord >> 8)
    case memory.optionBytes: flash.optionByte(at: Int(address & 0xF), secondBank: false)
    case memory.optionBytes2: flash.optionByte(at: Int(address & 0xF), secondBank: true)
    case memory.factoryBlock: factoryByte(address)
    default: 0xFF
    }
  }

  private func factoryByte(_ address: UInt32) -> UInt8 {
    let offset = Int(address - memory.uniqueID.upperBound)
    guard factoryWords.indices.contains(offset / 4) else { return 0xFF }
    return UInt8(truncatingIfNeeded: factoryWords[offset / 4] >> UInt32(offset % 4 * 8))
  }

  private func readPrivate(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard memory.privatePeripherals.contains(address), master != .coreFetch else { return .fault }
    if memory.debugUnit.contains(address), let debugUnit {
      let offset = address - memory.debugUnit.lowerBound
      if let value = debugUnit.read(offset, width, now: now(master)) { return .done(value, cycles: 1) }
      peripherals.note(debugUnit.name, address, width, value: nil)
      return .done(0, cycles: 1)
    }
    return core?.readPrivatePeripheral(address, width, by: master) ?? .fault
  }

  private func readPeripheral(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard master != .coreFetch else { return .fault }
    if let offset = flashRegister(address) {
      return .done(flash.readRegister(at: offset, width, now: now(master)), cycles: 0)
    }
    if memory.peripheralBitBand.contains(address) { return readBit(address, width, by: master) }
    if memory.backupSRAM.contains(address), backup.byteCount > 0 {
      if flash.isShutByReadProtection { return .fault }
      let offset = Int(address - memory.backupSRAM.lowerBound)
      return .done(isBackupClocked ? backup.load(width, at: offset) : 0, cycles: 1)
    }
    return peripherals.read(address, width, now: now(master))
  }

  /// Memory outside of the chip; without its controller's clock nothing answers (assumed).
  private func readExternal(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let external, peripherals.isClocked(externalGate) else { return nothing(address, width, nil, by: master) }
    let answer = external.readMemory(address, width)
    return answer == .fault ? nothing(address, width, nil, by: master) : answer
  }

  private func writeExternal(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let external, peripherals.isClocked(externalGate) else { return nothing(address, width, value, by: master) }
    let answer = external.writeMemory(address, value, width)
    return answer == .fault ? nothing(address, width, value, by: master) : answer
  }

  /// The flash's registers change when its operation ends, those of peripherals at their events, where the core's run
  /// ends, and memory by writes only.
  func steadyEnd(_ address: UInt32) -> UInt64? {
    switch address >> 28 {
    case 0x0, 0x1: .max
    case 0x2: memory.sramBitBand.contains(address) ? nil : .max
    case 0x4, 0x5:
      if flashRegister(address) != nil {
        flash.busyUntil ?? .max
      } else if memory.peripheralBitBand.contains(address) {
        nil
      } else {
        peripherals.isSteady(address) ? .max : nil
      }
    default: nil
    }
  }

  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool {
    switch address >> 28 {
    case 0x4, 0x5:
      flashRegister(address) == nil && !memory.peripheralBitBand.contains(address)
        && peripherals.absorbs(value, at: address, width)
    default: false
    }
  }

  // MARK: Writing

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    switch address >> 28 {
    case 0x0: writeFlash(address, value, width, by: master)
    case 0x1: writeInformation(address, value, width, by: master)
    case 0x2: writeSRAM(address, value, width, by: master)
    case 0x4, 0x5, 0xA: writePeripheral(address, value, width, by: master)
    case 0x6...0x9, 0xC, 0xD: writeExternal(address, value, width, by: master)
    case 0xE: writePrivate(address, value, width, by: master)
    default: nothing(address, width, value, by: master)
    }
  }

  private func writeFlash(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let remapped = remap(address) { return write(remapped, value, width, by: master) }
    guard address >= memory.flashBase else { return .fault }
    let offset = (address - memory.flashBase) ^ bankSwap
    guard Int(offset) < flash.main.byteCount else { return nothing(address, width, value, by: master) }
    return flash.write(.main, at: Int(offset), value, width, now: now(master))
  }

  private func writeSRAM(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    let offset = Int(address - memory.sramBase)
    if offset < sram.byteCount {
      sram.store(value, width, at: offset)
    } else if memory.sramBitBand.contains(address) {
      return writeBit(address, value, width, by: master)
    } else {
      guard address >= upperSRAMBase, Int(address - upperSRAMBase) < upperSRAM.byteCount else {
        return nothing(address, width, value, by: master)
      }
      upperSRAM.store(value, width, at: Int(address - upperSRAMBase))
    }
    return .done(0, cycles: 0)
  }

  private func writeInformation(
    _ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster
  ) -> BusAnswer {
    if let offset = coupledOffset(address) {
      guard master == .coreData || master == .debugger else { return .fault }
      if isCoupledClocked { coupled.store(value, width, at: offset) }
      return .done(0, cycles: 0)
    }
    guard
      memory.informationBlock.contains(address) || hasSecondBank && memory.optionBytes2.contains(address)
    else { return .fault }
    if memory.otp.contains(address) {
      return flash.write(.otp, at: Int(address - memory.otp.lowerBound), value, width, now: now(master))
    }
    return flash.writeReadOnly(width, now: now(master))
  }

  private func writePrivate(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard memory.privatePeripherals.contains(address) else { return .fault }
    if memory.debugUnit.contains(address), let debugUnit {
      let offset = address - memory.debugUnit.lowerBound
      if !debugUnit.write(offset, value, width, now: now(master)) {
        peripherals.note(debugUnit.name, address, width, value: value)
      }
      return .done(0, cycles: 1)
    }
    return core?.writePrivatePeripheral(address, value, width, by: master) ?? .fault
  }

  private func writePeripheral(
    _ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster
  ) -> BusAnswer {
    if let offset = flashRegister(address) {
      return flash.writeRegister(at: offset, value, width, now: now(master))
    }
    if memory.peripheralBitBand.contains(address) { return writeBit(address, value, width, by: master) }
    if memory.backupSRAM.contains(address), backup.byteCount > 0 {
      if flash.isShutByReadProtection { return .fault }
      let offset = Int(address - memory.backupSRAM.lowerBound)
      if isBackupClocked, isBackupWritable { backup.store(value, width, at: offset) }
      return .done(0, cycles: 1)
    }
    return peripherals.write(address, value, width, now: now(master))
  }

  /// What a program finds where nothing is.
  private func nothing(_ address: UInt32, _ width: BusWidth, _ value: UInt32?, by master: BusMaster) -> BusAnswer {
    master == .coreData ? peripherals.nothing(address, width, value) : .fault
  }

  // MARK: Decoding

  /// Where an address below the flash leads; nil for the flash itself and for what boots from nowhere.
  private func remap(_ address: UInt32) -> UInt32? {
    guard address < memory.flashBase else { return nil }
    switch bootSource {
    case .mainFlash: return address < 0x0020_0000 ? memory.flashBase + address : nil
    case .systemMemory:
      return address < UInt32(systemMemory.byteCount) ? memory.systemMemory.lowerBound + address : nil
    case .sram: return address < UInt32(sram.byteCount) ? memory.sramBase + address : nil
    case .externalMemory: return nil
    }
  }

  private func coupledOffset(_ address: UInt32) -> Int? {
    let offset = Int(address - memory.coupledBase)
    return offset < coupled.byteCount ? offset : nil
  }

  /// The offset of a register that the flash interface has; nil for every other address.
  private func flashRegister(_ address: UInt32) -> UInt32? {
    let offset = address &- memory.flashController
    return offset < 0x400 && flash.hasRegister(at: offset) ? offset : nil
  }

  // MARK: Bit-banding

  /// The word address and bit that an alias address stands for (ARMv7-M, "Bit-banding").
  private func bitBandTarget(_ address: UInt32, _ width: BusWidth) -> (address: UInt32, bit: UInt32) {
    let byte = (address & 0x01FF_FFFF) >> 5
    let bit = address >> 2 & 7
    let aligned = byte & ~(width.rawValue - 1)
    return (address & 0xF000_0000 | aligned, bit + 8 * (byte - aligned))
  }

  private func readBit(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    let target = bitBandTarget(address, width)
    let answer = read(target.address, width, by: master)
    guard case .done(let value, let cycles) = answer else { return answer }
    return .done(value >> target.bit & 1, cycles: cycles)
  }

  private func writeBit(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    let target = bitBandTarget(address, width)
    let answer = read(target.address, width, by: master)
    guard case .done(let old, _) = answer else { return answer }
    let new = old & ~(1 << target.bit) | (value & 1) << target.bit
    return write(target.address, new, width, by: master)
  }
}
