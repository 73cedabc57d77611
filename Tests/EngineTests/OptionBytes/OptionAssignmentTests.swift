import Failures
import Testing

@testable import Engine

/// NAME=VALUE, before any chip is known.
@Suite struct OptionAssignmentTests {
  private func target(_ text: String) throws -> OptionAssignment.Target { try OptionAssignment(text).target }

  @Test(
    arguments: [
      ("RDP=level0", "RDP=0xAA"), ("BOR_LEV=off", "BOR_LEV=0b11"), ("BOR_LEV=2.4V", "BOR_LEV=0b01"),
      ("BOR_LEV=level1", "bor_lev=0x2"), ("WDG_SW=hardware", "WDG_SW=0"), ("nRST_STOP=reset", "nrst_stop=0b0"),
      ("BFB2=bank2", "BFB2=1"), ("DB1M=two-banks", "DB1M=1"), ("SPRMOD=pcrop", "SPRMOD=1"),
      ("OPTCR=0x0FFFAAEC", "FLASH_OPTCR=0x0FFF_AAEC"), ("WRP=1,2,3", "wrp=1-3"),
    ]) func `words and bits say the same`(word: String, bits: String) throws
  {
    let (first, second) = (try target(word), try target(bits))
    #expect(first == second)
  }

  @Test(
    arguments: [
      ("RDP=1", ["RDP=level1 for the level", "RDP=0x01 for the bits"]), ("RDP=170", ["RDP=0xAA for the bits"]),
      ("BOR_LEV=2", ["BOR_LEV=level2 for the level", "BOR_LEV=0b10 for the bits"]),
      ("BOR_LEV=0", ["BOR_LEV=0b00 for the bits"]),
      ("nWRP0-7=255", ["nWRP0-7=0x... for bits", "WRP=2,5-7 for sectors"]),
    ]) func `a number that could be a level or bits is refused with both spellings`(text: String, spellings: [String])
  {
    #expect { _ = try OptionAssignment(text) } throws: { error in
      guard case OptionValueError.ambiguous(_, _, let found) = error else { return false }
      return found == spellings
    }
  }

  @Test(
    arguments: [
      "", "=", "RDP", "RDP=", "=level1", "BOR=off", "BOR_LEV=3.0V", "BOR_LEV=0b100", "RDP=0x100", "WDG_SW=2",
      "nWRP3=2", "nWRPx=1", "WRP=", "WRP=1-", "WRP=3-1", "WRP=1,,2", "WRP=-1", "WRP=0x7", "WRP=100", "OPTCR=268413676",
      "OPTCR=0x1FFFFFFFF", "nWRP0-11=none",
    ]) func `what nothing can be meant by is refused, with what could`(text: String) throws
  {
    let error = try #require(throws: OptionValueError.self) { _ = try OptionAssignment(text) }
    #expect(!error.report.remedies.isEmpty && error.report.category == .usage)
  }

  @Test func `every name and every word that is offered is taken`() throws {
    for name in OptionAssignment.names {
      for word in OptionAssignment.words(for: name) { _ = try OptionAssignment("\(name)=\(word)") }
    }
    #expect(
      Set(OptionAssignment.names).isSuperset(of: ["RDP", "BOR_LEV", "WDG_SW", "nRST_STOP", "nRST_STDBY", "BFB2"]))
  }
}
