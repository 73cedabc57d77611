import Basics

/// Finds out which chip is behind a debug port.
///
/// The order that works on all parts: CPUID, DBGMCU_IDCODE, the size register, and OPTCR.DB1M on 1 MiB parts with two
/// banks. Nothing is written. The CoreSight ROM table is no help: its part number reads 0x411 on most F4.
struct DeviceIdentification {
  /// The registers that tell.
  private enum Register {
    /// ARMv7-M, B3.2.3.
    static let cpuid: UInt32 = 0xE000_ED00
    /// RM0090, 38.6.1; 32-bit accesses only.
    static let identityCode: UInt32 = 0xE004_2000
    /// The word whose upper half is the flash size in KiB (RM0090, 39.2).
    static let flashSizeWord: UInt32 = 0x1FFF_7A20
    /// Peripheral ids 4 to 7 and 0 to 3 of the CoreSight ROM table (ARM IHI 0031, 14.1).
    static let romTablePeripheralIDs: UInt32 = 0xE00F_FFD0
  }

  /// JEP106 code of STMicroelectronics, continuation 0.
  private static let designerST = 0x020
  /// The fields of CPUID that tell the core: implementer and part number.
  private static let corePartMask: UInt32 = 0xFF00_FFF0
  /// DEV_ID of F2, which F40x revision A answers too (ES0182, "wrong device ID").
  private static let deviceIDOfF2: UInt16 = 0x411
  private static let deviceIDOfF40x: UInt16 = 0x413

  private let access: any DebugAccess
  private let override: DeviceOverride
  private var notes: [String] = []
  private var warnings: [String] = []

  private init(_ access: any DebugAccess, override: DeviceOverride) {
    self.access = access
    self.override = override
  }

  /// Identifies the chip, or takes the user's word for it.
  ///
  /// - Throws: `DeviceError`.
  static func identify(over access: any DebugAccess, override: DeviceOverride) throws(DeviceError) -> Device {
    var identification = DeviceIdentification(access, override: override)
    return try identification.run()
  }

  private mutating func run() throws(DeviceError) -> Device {
    let processorID = try readIdentity(Register.cpuid, name: "CPUID")
    let identityCode = try readIdentityCode()
    let die = try die(identityCode: identityCode, processorID: processorID)
    let register = try readSizeRegister()
    let byteCount = flashByteCount(of: die, register: register)
    let map = try sectorMap(of: die, byteCount: byteCount)
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

  /// DBGMCU_IDCODE; with `--chip` even a blank one will do, since CPUID has shown that somebody answers.
  private mutating func readIdentityCode() throws(DeviceError) -> UInt32 {
    let value = try read(Register.identityCode)
    let isBlank = value == .max || value & 0xFFF == 0
    guard isBlank else { return value }
    guard override.chip != nil else { throw linkFailure(register: "DBGMCU_IDCODE", value: value) }
    warnings.append("DBGMCU_IDCODE reads \(value.hexadecimal), which no genuine chip does")
    return value
  }

  private mutating func die(identityCode: UInt32, processorID: UInt32) throws(DeviceError) -> Die {
    let read = UInt16(identityCode & 0xFFF)
    if let chip = override.chip, let die = ChipCatalogue.die(withID: chip.type.deviceID) {
      if read != die.deviceID {
        notes.append(
          "taken as \(chip.text) (DEV_ID \(die.deviceID.hexadecimal)) as asked; "
            + "the chip answers \(read.hexadecimal)")
      }
      return die
    }
    let isCortexM4 = processorID & DeviceIdentification.corePartMask == 0x4100_C240
    if read == DeviceIdentification.deviceIDOfF2, isCortexM4,
      let die = ChipCatalogue.die(withID: DeviceIdentification.deviceIDOfF40x)
    {
      notes.append("DEV_ID 0x411 on a Cortex-M4: an F40x of revision A, which answers with the number of the F2")
      return die
    }
    guard let die = ChipCatalogue.die(withID: read) else {
      throw .unknownChip(identityCode: identityCode, processorID: processorID)
    }
    return die
  }

  // MARK: - The flash

  /// The size register; nil where the chip refuses the read, as some do at RDP level 1.
  private mutating func readSizeRegister() throws(DeviceError) -> UInt16? {
    do throws(DebugError) {
      return UInt16(try access.readWord(at: Register.flashSizeWord) >> 16)
    } catch {
      guard case .status = error else { throw .access(error) }
      return nil
    }
  }

  private mutating func flashByteCount(of die: Die, register: UInt16?) -> Int {
    let registered = register.map { Int($0) * 1024 }
    let registerText = register.map { "\($0) KiB" } ?? "nothing readable"
    if let asked = override.flashByteCount ?? override.chip?.type.flashSize.byteCount {
      if asked != registered {
        notes.append("flash size taken as \(asked.byteSize) as asked; the size register holds \(registerText)")
      }
      return asked
    }
    let largest = ChipCatalogue.largestFlash(of: die).byteCount
    guard let registered, registered <= largest, DeviceIdentification.endsOnSector(registered) else {
      warnings.append(
        "the size register holds \(registerText), which cannot be; the flash is taken as \(largest.byteSize), the "
          + "largest of \(die.name); give the size with --flash-size if it is smaller")
      return largest
    }
    if !ChipCatalogue.types(of: die).contains(where: { $0.flashSize.byteCount == registered }) {
      warnings.append("\(die.name) is not sold with the \(registered.byteSize) of flash that the size register holds")
    }
    return registered
  }

  private static func endsOnSector(_ byteCount: Int) -> Bool {
    SectorMap(byteCount: byteCount, layout: .singleBank) != nil
      || SectorMap(byteCount: byteCount, layout: .dualBank) != nil
  }

  private mutating func sectorMap(of die: Die, byteCount: Int) throws(DeviceError) -> SectorMap {
    let isDual = try isDualBank(die: die, byteCount: byteCount)
    guard let map = SectorMap(byteCount: byteCount, layout: isDual ? .dualBank : .singleBank) else {
      throw .impossibleFlashSize(byteCount: byteCount, die: die)
    }
    return map
  }

  /// 2 MiB is always two banks, 1 MiB as DB1M says, less is one (RM0090, 3.9.10).
  private mutating func isDualBank(die: Die, byteCount: Int) throws(DeviceError) -> Bool {
    guard die.hasSecondBank else { return false }
    guard byteCount == FlashSize.k1024.byteCount else { return byteCount > FlashSize.k1024.byteCount }
    let isDual = FlashOptionControl(rawValue: try read(FlashOptionControl.address))[.dualBank]
    if isDual { notes.append("DB1M is set: the flash is cut into two banks of 512 KiB") }
    return isDual
  }

  // MARK: - The RAM

  private static func ramVariants(of die: Die, byteCount: Int, chip: ChipName?) -> [[MemoryRegion]] {
    if let chip { return [chip.type.ram.regions] }
    let all = ChipCatalogue.types(of: die)
    let sameSize = all.filter { $0.flashSize.byteCount == byteCount }
    return (sameSize.isEmpty ? all : sameSize).map(\.ram.regions)
  }

  private static func total(_ regions: [MemoryRegion]) -> Int {
    regions.reduce(0) { $0 + $1.range.count }
  }

  private static func contiguousByteCount(_ regions: [MemoryRegion]) -> Int {
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
    let isRevisionA = identityCode & 0xFFF == 0x411 && die.deviceID == DeviceIdentification.deviceIDOfF40x
    if die.revisions[revision] == nil && !isRevisionA {
      notes.append("REV_ID \(revision.hexadecimal) is not in the manuals")
    }
    if let designer = try readDesigner(), designer != DeviceIdentification.designerST {
      warnings.append(
        "the CoreSight ROM table names designer \(UInt16(designer).hexadecimal) (JEP106) instead of "
          + "STMicroelectronics: probably a clone, whose flash may differ in size, timing or controller")
    }
  }

  /// The designer as JEP106 continuation count and code; nil where the ROM table cannot be read.
  private func readDesigner() throws(DeviceError) -> Int? {
    let bytes: [UInt8]
    do throws(DebugError) {
      bytes = try access.readMemory(at: Register.romTablePeripheralIDs, byteCount: 32, width: .word)
    } catch {
      guard case .status = error else { throw .access(error) }
      return nil
    }
    guard bytes.count == 32 else { return nil }
    let continuation = Int(bytes[0] & 0x0F)
    let code = Int(bytes[20] >> 4) | Int(bytes[24] & 0x07) << 4
    return continuation << 8 | code
  }

  // MARK: - Access

  private func read(_ address: UInt32) throws(DeviceError) -> UInt32 {
    do throws(DebugError) {
      return try access.readWord(at: address)
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
