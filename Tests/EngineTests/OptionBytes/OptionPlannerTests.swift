import Testing

@testable import Engine

/// What a change would do, and what must not be, without a chip.
@Suite struct OptionPlannerTests {
  private func device(_ id: UInt16, _ size: FlashSize, isSplit: Bool = false) throws -> Device {
    let die = try #require(ChipCatalogue.die(withID: id))
    let map = try #require(DeviceIdentification.sectorMap(of: die, byteCount: size.byteCount, isSplit: isSplit))
    return Device(
      name: die.name, die: die, processorID: die.processorID, identityCode: UInt32(id), sizeRegister: nil,
      sectorMap: map,
      ram: [], contiguousRAMByteCount: 0, notes: [], warnings: [])
  }

  private func planner(
    _ id: UInt16, _ size: FlashSize = .k1024, _ control: UInt32 = 0x0FFF_AAED, millivolts: Int? = 3300
  ) throws -> OptionPlanner {
    let device = try device(id, size, isSplit: control >> 30 & 1 == 1 && id != 0x463)
    let before = OptionBytes(
      OptionLayout(device), control: FlashOptionControl(rawValue: control),
      control1: FlashOptionControl1(rawValue: 0x0FFF_0000))
    return OptionPlanner(device: device, before: before, millivolts: millivolts)
  }

  private func plan(_ planner: OptionPlanner, _ texts: String...) throws -> OptionPlan {
    try planner.plan(changing: try texts.map { try OptionAssignment($0) })
  }

  private func refusal(_ planner: OptionPlanner, _ texts: String...) throws -> OptionRefusal {
    let assignments = try texts.map { try OptionAssignment($0) }
    return try #require(throws: OptionRefusal.self) { _ = try planner.plan(changing: assignments) }
  }

  @Test func `only what is named changes`() throws {
    let plan = try plan(try planner(0x413), "BOR_LEV=2.4V", "WDG_SW=0")
    #expect(plan.after.optionControl.rawValue == 0x0FFF_AAC5)
    #expect(plan.changes.map(\.field.name) == ["BOR_LEV", "WDG_SW"])
    #expect(plan.changes.map(\.before) == ["off (0b11)", "software (1)"])
    #expect(plan.changes.map(\.after) == ["2.4V (0b01)", "hardware (0)"])
    #expect(plan.steps == [plan.after] && plan.erasedSectors.isEmpty && plan.commitments.isEmpty)
    #expect(plan.warnings.contains { $0.contains("watchdog") })
  }

  @Test func `what the chip has already is nothing to do`() throws {
    #expect(try plan(try planner(0x413), "BOR_LEV=off", "RDP=level0").isEmpty)
    // Whatever byte stands for level 1 stays.
    #expect(try plan(try planner(0x413, .k1024, 0x0FFF_00ED), "RDP=level1").isEmpty)
    #expect(try !plan(try planner(0x413, .k1024, 0x0FFF_00ED), "RDP=0x55").isEmpty)
  }

  @Test(
    arguments: [
      (UInt16(0x413), "BFB2=1"), (0x413, "DB1M=1"), (0x413, "SPRMOD=1"), (0x413, "PCROP=1"), (0x413, "OPTCR1=0x0"),
      (0x413, "nWRP12=0"), (0x421, "nWRP8=0"), (0x421, "nWRP0-11=0x0"), (0x421, "BFB2=0"), (0x419, "nWRP=0xFFF"),
    ]) func `a field that the chip lacks is refused with those it has`(id: UInt16, text: String) throws
  {
    guard case .noSuchField(_, _, let fields) = try refusal(try planner(id, .k512), text) else {
      Issue.record("\(text) was not refused as a field that is not there")
      return
    }
    #expect(fields.contains("RDP") && fields.contains { $0.hasPrefix("nWRP0-") })
  }

  @Test func `a brown-out level that the supply does not reach is refused`() throws {
    for (text, needed) in [("BOR_LEV=2.7V", 2970), ("BOR_LEV=2.4V", 2630), ("BOR_LEV=2.1V", 2330)] {
      guard case .brownOutAboveSupply(_, let found, _) = try refusal(try planner(0x413, millivolts: needed - 1), text)
      else {
        Issue.record("\(text) was not refused")
        continue
      }
      #expect(found == needed)
      #expect(try !plan(try planner(0x413, millivolts: needed), text).isEmpty)
    }
    let unknown = try plan(try planner(0x413, millivolts: nil), "BOR_LEV=2.7V")
    #expect(unknown.warnings.contains { $0.contains("supply is not known") })
    // A level that stays is not looked at: somebody may have to change another field.
    #expect(try !plan(try planner(0x413, .k1024, 0x0FFF_AAE1, millivolts: 2000), "WDG_SW=0").isEmpty)
  }

  @Test func `sectors are named by their numbers, beside or instead of others`() throws {
    let planner = try planner(0x413, .k1024, 0x0FFB_AAED)
    #expect(planner.before.markedSectors.list == "2")
    #expect(try plan(planner, "WRP=0-3,11").after.markedSectors.list == "0-3,11")
    #expect(try plan(planner, "WRP=none").after.markedSectors.isEmpty)
    #expect(try plan(planner, "nWRP5=0").after.markedSectors.list == "2,5")
    #expect(try planner.plan(changing: [.protecting([4])]).after.markedSectors.list == "2,4")
    #expect(try refusal(planner, "WRP=12") == .noSuchSector(12, sectors: "0-11"))
    #expect(try refusal(planner, "WRP=1", "nWRP5=0") == .setTwice("nWRP5=0"))
  }

  @Test func `sectors 14 and 15 of an F413 share a bit`() throws {
    let planner = try planner(0x463, .k1536, 0x7FFF_AAED)
    guard case .sharedBit(let sectors) = try refusal(planner, "WRP=15") else {
      Issue.record("half of a bit was accepted")
      return
    }
    #expect(Set(sectors.map(\.number)) == [14, 15])
    #expect(try plan(planner, "WRP=14-15").after.optionControl.rawValue == 0x3FFF_AAED)
  }

  @Test func `DB1M is for 1 MiB, and sectors are those of the new cut`() throws {
    let split = try plan(try planner(0x419), "DB1M=1", "WRP=12")
    #expect(split.after.optionControl1?.rawValue == 0x0FFE_0000)
    #expect(split.after.sectorMap?.bankCount == 2)
    #expect(split.warnings.contains { $0.contains("DB1M changes the sectors") })
    #expect(try refusal(try planner(0x419), "WRP=12") == .noSuchSector(12, sectors: "0-11"))
    for size in [FlashSize.k512, .k2048] {
      #expect(try refusal(try planner(0x419, size), "DB1M=1") == .noChoiceOfBanks(byteCount: size.byteCount))
    }
  }

  @Test func `SPRMOD turns the meaning of every sector's bit around, and the plan says so`() throws {
    let plan = try plan(try planner(0x421, .k512), "SPRMOD=1")
    #expect(plan.after.markedSectors.count == 8)
    #expect(plan.commitments == [.codeProtection(plan.after.markedSectors)])
    let code = try planner(0x421, .k512, 0x8002_AAED)
    #expect(code.before.markedSectors.list == "1")
    #expect(try refusal(code, "WRP=3") == .meansCodeProtection("WRP=3"))
    #expect(try refusal(code, "SPRMOD=0", "RDP=level1") == .codeProtectionStays(code.before.markedSectors))
    let opened = try self.plan(code, "SPRMOD=0")
    #expect(opened.steps.map(\.readProtection) == [.level1(stored: 0x55), .level0])
    #expect(opened.steps.first?.isCodeProtection == true)
    #expect(!opened.erasedSectors.isEmpty)
  }

  @Test func `a register as a whole goes the same way, and bits that are no field stay`() throws {
    let plan = try plan(try planner(0x458, .k128, 0x7FFF_AAED), "OPTCR=0x0001AAE0")
    #expect(plan.after.optionControl.rawValue == 0x7FE1_AAE1)
    #expect(try self.plan(try planner(0x413), "OPTCR=0x0FFFCCEC").commitments == [.readProtectionForEver])
  }

  @Test func `nothing is planned on a chip that is closed for ever`() throws {
    guard case .closedForEver = try refusal(try planner(0x413, .k1024, 0x0FFF_CCED), "BOR_LEV=2.1V") else {
      Issue.record("a chip at level 2 was planned for")
      return
    }
  }

  @Test func `erased option bytes come back as the factory's`() throws {
    for (id, control) in [(UInt16(0x413), UInt32(0x0FFF_FFED)), (0x421, 0x8FFF_FFED), (0x463, 0xFFFF_FFED)] {
      let planner = try planner(id, id == 0x421 ? .k512 : .k1024, control)
      #expect(planner.before.looksErased)
      #expect(planner.before.unprotected == planner.before.factory)
    }
  }
}
