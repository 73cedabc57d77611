import Basics
import Failures

/// Finds out which chip is behind a debug port.
///
/// The order that works on all parts: CPUID, DBGMCU_IDCODE, the size register, and OPTCR.DB1M on dies with two banks.
/// Nothing is written, but for what makes the reads of the flash right (`FlashReads`). The CoreSight ROM table is no help: its part number reads 0x411 on most F4.
struct DeviceIdentification {
  /// The registers that tell.
  private enum Register {
    /// ARMv7-M, B3.2.3.
    static let cpuid: UInt32 = 0xE000_ED00
    /// Peripheral ids 4 to 7 and 0 to 3 of the CoreSight ROM table (ARM IHI 0031, 14.1).
    static let romTablePeripheralIDs: UInt32 = 0xE00F_FFD0
  }

  /// JEP106 code of STMicroelectronics, continuation 0.
  private static let designerST = 0x020
  /// The fields of CPUID that tell the core: implementer and part number.
  private static let corePartMask: UInt32 = 0xFF00_FFF0
  /// Cortex-M3 and M4.
  private static let coreParts: Set<UInt32> = [0xC23, 0xC24]

  private let access: any DebugAccess
  private let override: DeviceOverride
  private let reads: FlashReads
  private var notes: [String] = []
  private var warnings: [Advice] = []

  private init(_ access: any DebugAccess, override: DeviceOverride, reads: FlashReads) {
    self.access = access
    self.override = override
    self.reads = reads
  }

  /// Identifies the chip, or takes the user's word for it.
  ///
  /// - Parameter reads: sees to it that the size register can be believed.
  /// - Throws: `DeviceError`.
  static func identify(
    over access: any DebugAccess, override: DeviceOverride, reads: FlashReads
  ) throws(DeviceError) -> Device {
    var identification = DeviceIdentification(access, override: override, reads: reads)
    return try identification.run()
  }

  private mutating func run() throws(DeviceError) -> Device {
    let processorID = try readIdentity(Register.cpuid, name: "CPUID")
    let identityCode = try readIdentityCode(processorID: processorID)
    let die = try die(identityCode: identityCode, processorID: processorID)
    let register = try readSizeRegister(of: die)
    let byteCount = try flashByteCount(of: die, register: register)
    let map = try sectorMap(of: die, byteCount: byteCount, register: register)
    try lookForClone(die: die, processorID: processorID, identityCode: identityCode)
    let variants = DeviceIdentification.ramVariants(of: die, byteCount: byteCount, chip: override.chip)
    return Device(
      name: override.chip?.text ?? die.name, die: die, processorID: processorID, identityCode: identityCode,
      sizeRegister: register, sectorMap: map,
      ram: variants.max { DeviceIdentification.total($0) < DeviceIdentification.total($1) } ?? [],
      contiguousRAMByteCount: variants.map(DeviceIdentification.contiguousByteCount).min() ?? 0,
      notes: notes, warnings: warnings)
  }

  // MARK: - The die

  private func readIdentity(_ address: UInt32, name: String) throws(DeviceError) -> UInt32 {
    let value = try read(address)
    guard value != 0, value != .max else { throw linkFailure(register: name, value: value) }
    return value
  }

  /// DBGMCU_IDCODE; for a foreign chip even a blank one will do, since CPUID has shown that somebody answers.
  private mutating func readIdentityCode(processorID: UInt32) throws(DeviceError) -> UInt32 {
    let corePart = processorID >> 4 & 0xFFF
    let isOurCore = DeviceIdentification.coreParts.contains(corePart)
    let value =
      isOurCore ? try read(MemoryMap.presumed.identityCode) : try readIdentityCodeOfOtherLine(corePart: corePart)
    guard DeviceIdentification.isBlank(value) else { return value }
    if override.chip != nil, override.acceptsForeignChip {
      warnings.append("DBGMCU_IDCODE reads \(value.hexadecimal), which no genuine chip does")
      return value
    }
    // A core that no F2 or F4 has shows that a chip answers, and that it is another one.
    guard isOurCore else {
      throw .unknownChip(identityCode: value, processorID: processorID)
    }
    throw linkFailure(register: "DBGMCU_IDCODE", value: value)
  }

  /// The identity code where chips with another core have it; 0 where nothing answers.
  private func readIdentityCodeOfOtherLine(corePart: UInt32) throws(DeviceError) -> UInt32 {
    for address in OtherLines.identityRegisters(ofCorePart: corePart) {
      if let value = try readIfThere(address), !DeviceIdentification.isBlank(value) { return value }
    }
    return 0
  }

  private static func isBlank(_ identityCode: UInt32) -> Bool {
    identityCode == .max || identityCode & 0xFFF == 0
  }

  /// The die by what the chip answers; what the user says counts only where the chip is no STM32.
  private mutating func die(identityCode: UInt32, processorID: UInt32) throws(DeviceError) -> Die {
    let deviceID = UInt16(identityCode & 0xFFF)
    if let line = OtherLines.name(ofDeviceID: deviceID) {
      throw .otherLine(line, identityCode: identityCode, processorID: processorID)
    }
    guard let found = knownDie(deviceID, processorID) else {
      return try foreignDie(identityCode: identityCode, processorID: processorID)
    }
    if let chip = override.chip, chip.type.deviceID != found.deviceID {
      throw .otherDie(asked: chip.text, found: found, identityCode: identityCode)
    }
    return found
  }

  /// The die with a DEV_ID, if its core is the one that answers.
  private mutating func knownDie(_ deviceID: UInt16, _ processorID: UInt32) -> Die? {
    let part = processorID & DeviceIdentification.corePartMask
    if let found = ChipCatalogue.misnumberedDie(deviceID, processorID: processorID) {
      notes.append(found.note)
      return found.die
    }
    guard let die = ChipCatalogue.die(withID: deviceID) else { return nil }
    return die.processorID & DeviceIdentification.corePartMask == part ? die : nil
  }

  /// What a chip that is no STM32 is to be taken for, where the user has said so twice.
  private mutating func foreignDie(identityCode: UInt32, processorID: UInt32) throws(DeviceError) -> Die {
    guard override.acceptsForeignChip, let chip = override.chip,
      let die = ChipCatalogue.die(withID: chip.type.deviceID)
    else {
      throw .unknownChip(identityCode: identityCode, processorID: processorID)
    }
    warnings.append(
      """
      taken for an \(chip.text) (DEV_ID \(die.deviceID.hexadecimal)) as asked, although the chip answers \
      \(UInt16(identityCode & 0xFFF).hexadecimal), which is no STM32: sectors, timing and protection may differ
      """)
    return die
  }

  // MARK: - The flash

  /// The size register; nil where the chip refuses the read, as some do at RDP level 1, or where it cannot be believed.
  ///
  /// A size that cannot be is asked for once more, if something better than the clock of the program can be had for it.
  private func readSizeRegister(of die: Die) throws(DeviceError) -> UInt16? {
    try reading { () throws(DebugError) in try reads.prepare(for: die) }
    let isPossible = { (register: UInt16?) in
      register == nil || DeviceIdentification.plausibleByteCount(register, of: die) != nil
    }
    let register = try reading { () throws(DebugError) in
      try reads.ask(
        { () throws(DebugError) in try wordIfThere(die.family.memory.flashSizeWord).map { UInt16($0 >> 16) } },
        isPossible: isPossible)
    }
    return reads.doubt != nil && !isPossible(register) ? nil : register
  }

  private mutating func flashByteCount(of die: Die, register: UInt16?) throws(DeviceError) -> Int {
    let registered = DeviceIdentification.plausibleByteCount(register, of: die)
    let registerText = register.map { (Int($0) * 1024).byteSize } ?? "nothing readable"
    let largest = ChipCatalogue.largestFlash(of: die).byteCount
    if let asked = override.flashByteCount ?? override.chip?.type.flashSize.byteCount {
      guard asked <= largest else { throw .impossibleFlashSize(byteCount: asked, die: die) }
      noteDifference(asked: asked, registered: registered, registerText)
      return asked
    }
    guard let registered else {
      let reason =
        if reads.doubt != nil {
          "the size register cannot be read at the program's clock"
        } else if register == nil {
          "the size register cannot be read, as at read protection level 1"
        } else {
          "the size register holds \(registerText), which cannot be"
        }
      warnings.append(
        """
        \(reason); the flash is taken as \(largest.byteSize), the largest of \(die.name); \
        give the size\(with: .nameFlashSize) if it is smaller
        """)
      return largest
    }
    if !ChipCatalogue.types(of: die).contains(where: { $0.flashSize.byteCount == registered }) {
      warnings.append("\(die.name) is not sold with the \(registered.byteSize) of flash that the size register holds")
    }
    return registered
  }

  /// Says where the user and the size register differ; a warning where the chip seems to be another one of its die, or
  /// to have less.
  private mutating func noteDifference(asked: Int, registered: Int?, _ registerText: String) {
    guard asked != registered else { return }
    let text = "flash size taken as \(asked.byteSize) as asked; the size register holds \(registerText)"
    guard let registered else {
      notes.append(text)
      return
    }
    if override.flashByteCount == nil, let chip = override.chip {
      warnings.append("the chip is another one of its die than the \(chip.text): \(text)")
    } else if asked > registered {
      warnings.append("\(text): what lies above that may not be there, or may not work")
    } else {
      notes.append(text)
    }
  }

  /// What the size register says in bytes; nil where that cannot be.
  static func plausibleByteCount(_ register: UInt16?, of die: Die) -> Int? {
    guard let register else { return nil }
    let byteCount = Int(register) * 1024
    return byteCount <= ChipCatalogue.largestFlash(of: die).byteCount && endsOnSector(byteCount, of: die)
      ? byteCount : nil
  }

  private static func endsOnSector(_ byteCount: Int, of die: Die) -> Bool {
    SectorMap(family: die.family, byteCount: byteCount, layout: .singleBank) != nil
      || SectorMap(family: die.family, byteCount: byteCount, layout: .dualBank) != nil
  }

  /// The sectors; where the user's size and the chip's own differ, what both have must be cut alike.
  private mutating func sectorMap(
    of die: Die, byteCount: Int, register: UInt16?
  ) throws(DeviceError) -> SectorMap {
    let isSplit = try isSplitIntoBanks(die)
    guard let map = DeviceIdentification.sectorMap(of: die, byteCount: byteCount, isSplit: isSplit) else {
      throw .impossibleFlashSize(byteCount: byteCount, die: die)
    }
    if isSplit, byteCount == die.family.sectors.choiceByteCount {
      notes.append("DB1M is set: the flash is cut into two banks of 512 KiB")
    }
    if let registered = DeviceIdentification.plausibleByteCount(register, of: die), registered != byteCount,
      let own = DeviceIdentification.sectorMap(of: die, byteCount: registered, isSplit: isSplit),
      !map.agrees(with: own)
    {
      throw .otherSectors(asked: map, own: own, die: die)
    }
    return map
  }

  /// One bank or two, by the size, where the family leaves a choice by the option byte for it.
  static func sectorMap(of die: Die, byteCount: Int, isSplit: Bool) -> SectorMap? {
    let limit = die.family.sectors.choiceByteCount
    let isDual = die.hasSecondBank && (byteCount > limit || byteCount == limit && isSplit)
    return SectorMap(family: die.family, byteCount: byteCount, layout: isDual ? .dualBank : .singleBank)
  }

  /// DB1M, where the die has it.
  private func isSplitIntoBanks(_ die: Die) throws(DeviceError) -> Bool {
    guard die.hasSecondBank else { return false }
    return FlashOptionControl(rawValue: try read(FlashOptionControl.address))[.dualBank]
  }

  // MARK: - The RAM

  static func ramVariants(of die: Die, byteCount: Int, chip: ChipName?) -> [[MemoryRegion]] {
    if let chip { return [chip.type.ram.regions] }
    let all = ChipCatalogue.types(of: die)
    let sameSize = all.filter { $0.flashSize.byteCount == byteCount }
    return (sameSize.isEmpty ? all : sameSize).map(\.ram.regions)
  }

  static func total(_ regions: [MemoryRegion]) -> Int {
    regions.reduce(0) { $0 + $1.range.count }
  }

  static func contiguousByteCount(_ regions: [MemoryRegion]) -> Int {
    var end: UInt32 = 0x2000_0000
    for region in regions where region.range.lowerBound == end {
      end = region.range.upperBound
    }
    return Int(end - 0x2000_0000)
  }

  // MARK: - Clones

  private mutating func lookForClone(die: Die, processorID: UInt32, identityCode: UInt32) throws(DeviceError) {
    if processorID != die.processorID {
      warnings.append(
        "CPUID reads \(processorID.hexadecimal) where a genuine \(die.name) has \(die.processorID.hexadecimal)")
    }
    let revision = UInt16(identityCode >> 16)
    let isMisnumbered = ChipCatalogue.misnumberedDie(UInt16(identityCode & 0xFFF), processorID: processorID)?.die == die
    if die.revisions[revision] == nil && !isMisnumbered {
      notes.append("REV_ID \(revision.hexadecimal) is not in the manuals")
    }
    if let designer = try readDesigner(), designer != DeviceIdentification.designerST {
      warnings.append(
        """
        the CoreSight ROM table names designer \(UInt16(designer).hexadecimal) (JEP106) instead of \
        STMicroelectronics: probably a clone, whose flash may differ in size, timing or controller
        """)
    }
  }

  /// The designer as JEP106 continuation count and code; nil where the ROM table cannot be read.
  private func readDesigner() throws(DeviceError) -> Int? {
    let bytes: [UInt8]
    do throws(DebugError) {
      bytes = try access.readMemory(at: Register.romTablePeripheralIDs, byteCount: 32, width: .word)
    } catch {
      guard case .fault = error else { throw .access(error) }
      return nil
    }
    guard bytes.count == 32 else { return nil }
    let continuation = Int(bytes[0] & 0x0F)
    let code = Int(bytes[20] >> 4) | Int(bytes[24] & 0x07) << 4
    return continuation << 8 | code
  }

  // MARK: - Access

  /// A word that not every chip has; nil where the bus refuses it.
  private func readIfThere(_ address: UInt32) throws(DeviceError) -> UInt32? {
    try reading { () throws(DebugError) in try wordIfThere(address) }
  }

  private func wordIfThere(_ address: UInt32) throws(DebugError) -> UInt32? {
    do throws(DebugError) {
      return try access.readWord(at: address)
    } catch {
      guard case .fault = error else { throw error }
      return nil
    }
  }

  private func read(_ address: UInt32) throws(DeviceError) -> UInt32 {
    try reading { () throws(DebugError) in try access.readWord(at: address) }
  }

  private func reading<Value>(_ body: () throws(DebugError) -> Value) throws(DeviceError) -> Value {
    do throws(DebugError) {
      return try body()
    } catch {
      throw .access(error)
    }
  }

  private func linkFailure(register: String, value: UInt32) -> DeviceError {
    let millivolts: Int?
    do throws(DebugError) {
      millivolts = try access.targetMillivolts()
    } catch {
      millivolts = nil
    }
    return .linkFailure(register: register, value: value, millivolts: millivolts)
  }
}
