import Testing

@testable import Engine

@Suite("Identification")
struct DeviceIdentificationTests {
  private func identify(_ target: FakeTarget, _ override: DeviceOverride = DeviceOverride()) throws -> Device {
    try DeviceIdentification.identify(over: target, override: override)
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
    #expect(error?.report.evidence == ["target voltage 12 mV"])
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

  @Test func `an unknown DEV_ID is refused with what was read`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x1000_6449
    let error = try #require(#expect(throws: DeviceError.self) { try identify(FakeTarget(chip)) })
    #expect(error.report.summary.contains("0x449"))
    #expect(error.report.remedies.joined().contains("--chip"))
  }

  @Test func `an override makes an unknown chip usable and is told`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x1000_6449
    let device = try identify(FakeTarget(chip), DeviceOverride(chip: try ChipName("stm32f407vg")))
    #expect(device.name == "STM32F407VG")
    #expect(device.die.deviceID == 0x413)
    #expect(device.notes.contains { $0.contains("0x449") })
  }

  @Test func `an override helps even where IDCODE is blank`() throws {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0
    let device = try identify(FakeTarget(chip), DeviceOverride(chip: try ChipName("stm32f407ve")))
    #expect(device.flashByteCount == 512 * 1024)
    #expect(device.warnings.contains { $0.contains("DBGMCU_IDCODE") })
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
      #expect(device.warnings.contains { $0.contains("size register") })
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
    #expect(device.warnings.contains { $0.contains("not sold") })
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
    #expect(error.report.remedies.joined().contains("512 KiB, 1 MiB"))
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
    #expect(device.warnings.contains { $0.contains("CPUID") })
    #expect(device.warnings.contains { $0.contains("0x43B") })
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
