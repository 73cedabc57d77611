import Testing

@testable import Engine

struct KnownRegisterTests {
  @Test func `every row of the table is well-formed and no address has two names`() {
    #expect(
      KnownRegister.table.count == (KnownRegister.chipRows + "\n" + KnownRegister.rows).split(separator: "\n").count)
    #expect(Set(KnownRegister.all.map(\.address)).count == KnownRegister.all.count)
    #expect(Set(KnownRegister.all.map(\.name)).count == KnownRegister.all.count)
  }

  @Test func `the width shows only where something is to be programmed or erased`() throws {
    let control = try #require(KnownRegister.at(0x4002_3C10))
    #expect(control.parts(of: 0x0000_0001) == ["PG", "PSIZE=x8"])
    #expect(control.parts(of: 0x8000_0000) == ["LOCK"])
  }

  @Test func `a key in a written word is no field`() throws {
    let status = try #require(KnownRegister.at(0xE000_EDF0))
    #expect(status.parts(of: 0xA05F_0001, isWrite: true) == ["C_DEBUGEN"])
    #expect(status.parts(of: 0x0002_0001) == ["C_DEBUGEN", "S_HALT"])
  }

  @Test(arguments: ["", "NAME", "NAME XYZ", "NAME 40000000 FIELD", "NAME 40000000 FIELD:5-3", "NAME 40000000 *12"])
  func `a row of another form is refused`(row: String) {
    #expect(KnownRegister(row: row) == nil)
  }
}
