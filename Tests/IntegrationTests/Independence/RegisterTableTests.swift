import Testing

@testable import Engine
@testable import SimProbe

/// Register addresses and bit positions of both sides against the third transcription.
@Suite struct RegisterTableTests {
  private func masks() throws -> [String: UInt32] {
    let rows = try ReferenceTable("fields").rows
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in
        guard let low = row.number("low"), let high = row.number("high") else { return nil }
        let mask = high - low == 31 ? UInt32.max : ((1 << (high - low + 1)) - 1) << low
        return (row["register"] + "." + row["field"], mask)
      })
  }

  private func addresses() throws -> [String: UInt32] {
    let rows = try ReferenceTable("registers").rows
    return Dictionary(uniqueKeysWithValues: rows.compactMap { row in row.number("address").map { (row["name"], $0) } })
  }

  @Test func `the engine's registers are where the reference has them`() throws {
    let addresses = try addresses()
    #expect(Engine.FlashKey.address == addresses["FLASH_KEYR"])
    for register in EngineRegisters.all {
      let address = addresses[register.name]
      #expect(register.address == address, "\(register.name) in Tests/Fixtures/reference/registers.csv")
    }
  }

  @Test func `the simulator's flash registers are the reference's`() throws {
    let addresses = try addresses()
    let base = SimProbe.ChipFamily.f2f4.memory.flashController
    #expect(base + SimProbe.FlashRegister.accessControl == addresses["FLASH_ACR"])
    #expect(base + SimProbe.FlashRegister.key == addresses["FLASH_KEYR"])
    #expect(base + SimProbe.FlashRegister.optionKey == addresses["FLASH_OPTKEYR"])
    #expect(base + SimProbe.FlashRegister.status == addresses["FLASH_SR"])
    #expect(base + SimProbe.FlashRegister.control == addresses["FLASH_CR"])
    #expect(base + SimProbe.FlashRegister.optionControl == addresses["FLASH_OPTCR"])
    #expect(base + SimProbe.FlashRegister.optionControl1 == addresses["FLASH_OPTCR1"])
  }

  @Test func `the engine's bits of every register are the reference's`() throws {
    let masks = try masks()
    for register in EngineRegisters.all {
      for field in register.fields {
        let name = "\(register.name).\(field.name)"
        #expect(field.mask == masks[name], "\(name) in Tests/Fixtures/reference/fields.csv")
      }
    }
    #expect(Engine.FlashStatus.errors.count == 6)
  }

  @Test func `the simulator's bits of CR and SR are the reference's`() throws {
    let masks = try masks()
    let control: [(String, UInt32)] = [
      ("PG", SimProbe.FlashControl.pg), ("SER", SimProbe.FlashControl.ser), ("MER", SimProbe.FlashControl.mer),
      ("MER1", SimProbe.FlashControl.mer1), ("STRT", SimProbe.FlashControl.strt),
      ("EOPIE", SimProbe.FlashControl.eopie), ("ERRIE", SimProbe.FlashControl.errie),
      ("LOCK", SimProbe.FlashControl.lock),
    ]
    for (name, mask) in control { #expect(mask == masks["FLASH_CR." + name], "\(name)") }
    let status: [(String, SimProbe.FlashStatus)] = [
      ("EOP", .endOfOperation), ("OPERR", .operationError), ("WRPERR", .writeProtectionError),
      ("PGAERR", .alignmentError), ("PGPERR", .parallelismError), ("PGSERR", .sequenceError),
      ("RDERR", .readProtectionError), ("BSY", .busy),
    ]
    for (name, bit) in status { #expect(bit.rawValue == masks["FLASH_SR." + name], "\(name)") }
    #expect(SimProbe.OptionControl.lock == masks["FLASH_OPTCR.OPTLOCK"])
    #expect(SimProbe.OptionControl.start == masks["FLASH_OPTCR.OPTSTRT"])
  }
}
