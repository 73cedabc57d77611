import Basics
import Failures
import Testing

@testable import Engine

@Suite("Identification")
struct DeviceIdentificationTests {
  private func identify(_ target: FakeTarget, _ override: DeviceOverride = DeviceOverride()) throws -> Device {
    try DeviceIdentification.identify(over: target, override: override, reads: .ofResetChip(target))
  }

  @Test func `an F407 with 1 MiB is taken for what it says`() throws {
    let device = try identify(FakeTarget())
    #expect(device.die.deviceID == 0x413)
    #expect(device.flashByteCount == 1 << 20)
    #expect(device.sectorMap.layout == .singleBank)
    #expect(device.revisionName == "2 or 4")
    #expect(device.ram.contains { $0.name == "CCM" })
    #expect(device.contiguousRAMByteCount == 128 * 1024)
    #expect(device.notes.isEmpty)
    #expect(device.warnings.isEmpty)
  }

  @Test(arguments: ChipCatalogue.types)
  func `every chip of the catalogue is found by its registers`(type: ChipType) throws {
    let die = try #require(ChipCatalogue.die(withID: type.deviceID))
    var chip = FakeTarget.Chip()
    chip.processorID = die.core == .cortexM3 ? 0x412F_C230 : 0x410F_C241
    chip.identityCode = 0x1000_6000 | UInt32(type.deviceID)
    chip.sizeHalfword = UInt16(type.flashSize.kibibytes)
    let device = try identify(FakeTarget(chip))
    #expect(device.die == die)
    #expect(device.flashByteCount == type.flashSize.byteCount)
    #expect(device.warnings.isEmpty)
  }

  @Test func `an F40x of revision A answers the number of the F2 and is known by its core`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x2000_6411
    let device = try identify(FakeTarget(chip))
    #expect(device.die.deviceID == 0x413)
    #expect(device.notes.contains { $0.contains("revision A") })
  }

  @Test func `the same number on a Cortex-M3 is an F2`() throws {
    #expect(try identify(FakeTarget(.f207G)).die.deviceID == 0x411)
  }

  @Test(arguments: [UInt32(0), .max])
  func `a CPUID that nobody drives is a link failure and never a chip`(value: UInt32) throws {
    var chip = FakeTarget.Chip()
    chip.processorID = value
    chip.millivolts = 12
    let error = #expect(throws: DeviceError.self) { try identify(FakeTarget(chip)) }
    #expect(error == .linkFailure(register: "CPUID", value: value, millivolts: 12))
    #expect(error?.report.category == .noTarget)
    #expect(error?.report.evidence == ["target voltage 0.01 V"])
  }

  @Test(arguments: [UInt32(0), .max, 0x1000_6000])
  func `an IDCODE that nobody drives is a link failure`(value: UInt32) throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = value
    let target = FakeTarget(chip)
    target.faults.cannotMeasureVoltage = true
    let error = #expect(throws: DeviceError.self) { try identify(target) }
    #expect(error == .linkFailure(register: "DBGMCU_IDCODE", value: value, millivolts: nil))
  }

  @Test func `a DEV_ID that no STM32 has is refused with what was read`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x7008_4540
    let error = try #require(#expect(throws: DeviceError.self) { try identify(FakeTarget(chip)) })
    #expect(error == .unknownChip(identityCode: 0x7008_4540, processorID: 0x410F_C241))
    #expect(error.report.summary.contains("0x540"))
  }

  /// The whole decision: what the chip answers, what the user says, and what may come of it.
  ///
  /// Whatever the user says, a chip is only ever taken for one of the die that it says it is, unless it is no STM32 and
  /// the user has said so twice.
  @Test func `no word of the user makes one STM32 another`() throws {
    let ours = Set(ChipCatalogue.dies.map(\.deviceID))
    for deviceID in Array(UInt16(0x400)...0x501) + [0x001, 0x344, 0x540, 0xFFF] {
      for name in [nil, "stm32f407vg", "stm32f429zi", "stm32f207zg"] {
        for isForced in [false, true] {
          var chip = FakeTarget.Chip.f410x8
          chip.sizeHalfword = 1024
          chip.identityCode = 0x1000_6000 | UInt32(deviceID)
          chip.processorID = deviceID == 0x411 && name == "stm32f207zg" ? 0x412F_C230 : 0x410F_C241
          let asked = try name.map { try ChipName($0) }
          let override = DeviceOverride(chip: asked, acceptsForeignChip: isForced)
          let device = try? identify(FakeTarget(chip), override)
          // An F40x of revision A has the number of the F2.
          let real = deviceID == 0x411 && chip.processorID == 0x410F_C241 ? 0x413 : deviceID
          let context = "\(deviceID.hexadecimal) \(name ?? "-") \(isForced)"
          if ours.contains(real) {
            let fits = asked == nil || asked?.type.deviceID == real
            #expect(device?.die.deviceID == (fits ? real : nil), "\(context)")
          } else {
            let isForeign = OtherLines.name(ofDeviceID: deviceID) == nil
            let mayBeTaken = isForeign && isForced && asked != nil
            #expect(device?.die.deviceID == (mayBeTaken ? asked?.type.deviceID : nil), "\(context)")
            if mayBeTaken { #expect(device?.warnings.contains { $0.text.contains("no STM32") } == true) }
          }
        }
      }
    }
  }

  @Test func `no other line has a number of ours`() {
    for die in ChipCatalogue.dies { #expect(OtherLines.name(ofDeviceID: die.deviceID) == nil) }
  }

  @Test(arguments: [
    (UInt32(0x410C_C200), UInt32(0x4001_5800), UInt32(0x1000_6440), "STM32F05x"),
    (0x410C_C601, 0x4001_5800, 0x1001_6460, "STM32G07x"), (0x411F_C271, 0x5C00_1000, 0x2003_6450, "STM32H74x"),
    (0x410F_D214, 0xE004_4000, 0x2001_6482, "STM32U575"), (0x411F_C231, 0xE004_2000, 0x2003_6410, "STM32F1"),
  ])
  func `a chip of another line is called by its name, wherever it has its number`(
    processorID: UInt32, address: UInt32, identityCode: UInt32, name: String
  ) throws {
    var chip = FakeTarget.Chip()
    chip.processorID = processorID
    chip.identityCode = address == 0xE004_2000 ? identityCode : 0
    chip.otherIdentity = (address, identityCode)
    let override = DeviceOverride(chip: try ChipName("stm32f407vg"), acceptsForeignChip: true)
    let error = try #require(#expect(throws: DeviceError.self) { try identify(FakeTarget(chip), override) })
    #expect(error.report.summary.contains(name))
  }

  @Test func `a number of ours behind a core that it does not have is no chip of ours`() throws {
    var chip = FakeTarget.Chip()
    chip.processorID = 0x412F_C230
    #expect(throws: DeviceError.unknownChip(identityCode: chip.identityCode, processorID: chip.processorID)) {
      try identify(FakeTarget(chip))
    }
  }

  @Test func `a foreign chip is taken for another only where the user says so twice, and is told`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x7005_0344
    let name = try ChipName("stm32f407vg")
    #expect(throws: DeviceError.self) { try identify(FakeTarget(chip), DeviceOverride(chip: name)) }
    let device = try identify(FakeTarget(chip), DeviceOverride(chip: name, acceptsForeignChip: true))
    #expect(device.name == "STM32F407VG")
    #expect(device.die.deviceID == 0x413)
    #expect(device.warnings.contains { $0.text.contains("0x344") })
  }

  @Test func `that helps even where IDCODE is blank`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0
    let name = try ChipName("stm32f407ve")
    #expect(throws: DeviceError.self) { try identify(FakeTarget(chip), DeviceOverride(chip: name)) }
    let device = try identify(FakeTarget(chip), DeviceOverride(chip: name, acceptsForeignChip: true))
    #expect(device.flashByteCount == 512 * 1024)
    #expect(device.warnings.contains { $0.text.contains("DBGMCU_IDCODE") })
  }

  @Test func `another size of the same die is a warning`() throws {
    let device = try identify(FakeTarget(), DeviceOverride(chip: try ChipName("stm32f407ve")))
    #expect(device.flashByteCount == 512 * 1024)
    #expect(device.warnings.contains { $0.text.contains("another one of its die") })
    #expect(try identify(FakeTarget(), DeviceOverride(chip: try ChipName("stm32f405rg"))).warnings.isEmpty)
  }

  @Test func `a size beyond the size word is a warning, beyond the die an error`() throws {
    var chip = FakeTarget.Chip()
    chip.sizeHalfword = 512
    let device = try identify(FakeTarget(chip), DeviceOverride(flashByteCount: 1 << 20))
    #expect(device.warnings.contains { $0.text.contains("may not be there") })
    #expect(throws: DeviceError.self) { try identify(FakeTarget(), DeviceOverride(flashByteCount: 1536 << 10)) }
  }

  @Test func `a size that goes with other sectors than the chip has is refused`() throws {
    // 512 KiB banks behind DB1M, which a part of 2 MiB would not have.
    #expect(throws: DeviceError.self) { try identify(FakeTarget(.f429GDual), DeviceOverride(flashByteCount: 2 << 20)) }
    var chip = FakeTarget.Chip.f429I
    chip.optionControl |= 1 << 30
    #expect(throws: DeviceError.self) { try identify(FakeTarget(chip), DeviceOverride(flashByteCount: 1 << 20)) }
    let half = try identify(FakeTarget(.f429GDual), DeviceOverride(flashByteCount: 512 << 10))
    #expect(half.sectorMap.sectors.count == 8)
  }

  @Test(arguments: [
    (UInt32(0x413), 1024), (0x411, 1024), (0x419, 2048), (0x434, 2048), (0x423, 256), (0x433, 512), (0x431, 512),
    (0x421, 512), (0x441, 1024), (0x458, 128), (0x463, 1536),
  ])
  func `an unreadable size becomes the largest that the die is sold with`(deviceID: UInt32, kibibytes: Int) throws {
    for word in [UInt16(0), 0xFFFF, 8192, 0xAE1D] {
      var chip = FakeTarget.Chip()
      chip.processorID = deviceID == 0x411 ? 0x412F_C230 : 0x410F_C241
      chip.identityCode = 0x1000_6000 | deviceID
      chip.sizeHalfword = word
      let device = try identify(FakeTarget(chip))
      #expect(device.flashByteCount == kibibytes * 1024)
      #expect(device.warnings.contains { $0.text.contains("size register") })
    }
  }

  @Test func `a size register that faults is treated as unreadable`() throws {
    let target = FakeTarget()
    target.faults.unreadable = [0x1FFF_7A20]
    let device = try identify(target)
    #expect(device.sizeRegister == nil)
    #expect(device.flashByteCount == 1 << 20)
  }

  @Test func `a size that the die is not sold with is taken and told`() throws {
    var chip = FakeTarget.Chip()
    chip.sizeHalfword = 256
    let device = try identify(FakeTarget(chip))
    #expect(device.flashByteCount == 256 * 1024)
    #expect(device.warnings.contains { $0.text.contains("not sold") })
  }

  @Test func `the user's flash size wins over the register`() throws {
    let device = try identify(FakeTarget(), DeviceOverride(flashByteCount: 512 * 1024))
    #expect(device.flashByteCount == 512 * 1024)
    #expect(device.notes.contains { $0.contains("as asked") })
  }

  @Test func `a flash size that cannot be is refused`() throws {
    let error = try #require(
      #expect(throws: DeviceError.self) { try identify(FakeTarget(), DeviceOverride(flashByteCount: 100_000)) })
    #expect(error.report.category == .usage)
    #expect(error.report.remedies.map(\.text).joined().contains("512 KiB, 1 MiB"))
  }

  @Test func `DB1M cuts a 1 MiB part in two banks`() throws {
    let device = try identify(FakeTarget(.f429GDual))
    #expect(device.sectorMap.layout == .dualBank)
    #expect(device.notes.contains { $0.contains("DB1M") })
  }

  @Test func `a 2 MiB part has two banks and a 512 KiB part one, whatever DB1M says`() throws {
    #expect(try identify(FakeTarget(.f429I)).sectorMap.layout == .dualBank)
    var chip = FakeTarget.Chip.f429I
    chip.sizeHalfword = 512
    chip.optionControl |= 1 << 30
    #expect(try identify(FakeTarget(chip)).sectorMap.layout == .singleBank)
  }

  @Test func `signs of a clone are warnings`() throws {
    var chip = FakeTarget.Chip()
    chip.processorID = 0x410F_C240
    chip.designer = (0x3B, 4)
    let device = try identify(FakeTarget(chip))
    #expect(device.warnings.contains { $0.text.contains("CPUID") })
    #expect(device.warnings.contains { $0.text.contains("0x43B") })
  }

  @Test func `a revision that the manuals do not know is a note`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x4242_6413
    #expect(try identify(FakeTarget(chip)).notes == ["REV_ID 0x4242 is not in the manuals"])
  }

  @Test func `a probe that goes away while reading is not taken for a bad chip`() {
    for access in 1...4 {
      let target = FakeTarget()
      target.faults.goneFromAccess = access
      let error = #expect(throws: DeviceError.self) { try identify(target) }
      guard case .access(.transport) = error else {
        Issue.record("access \(access): \(String(describing: error))")
        continue
      }
    }
  }
}
