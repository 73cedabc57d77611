import Basics
import Engine
import TestSupport
import Testing

/// Damaged files: symbols, lines and frames, or an error; never a trap, and never without end.
@Suite struct SymbolsFuzzTests {
  @Test(arguments: SymbolFixture.names + ["frames", "gcc-Os-tables"])
  func `a damaged program is read or refused`(name: String) throws {
    let original = try SymbolFixture.bytes(name)
    let seed = UInt64.random(in: 1...999_999)
    var random = SeededGenerator(seed: seed)
    print("symbols of a damaged \(name): seed \(seed)")
    for _ in 0..<250 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
      do throws(SymbolsError) {
        askEverything(try ProgramSymbols(elf: bytes), &random)
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }

  @Test func `a file that ends too early is refused, and says where`() throws {
    let whole = try SymbolFixture.bytes("gcc-O2-dwarf4")
    for count in stride(from: 0, to: whole.count, by: 97) {
      let error = #expect(throws: SymbolsError.self) {
        try ProgramSymbols(elf: Array(whole.prefix(count)))
      }
      #expect(error?.reason == .truncated, "\(count)")
      #expect(error?.part == (count < 52 ? .header : .sectionTable), "\(count)")
    }
  }

  @Test func `what is no program of a Cortex-M is refused`() throws {
    var bytes = try SymbolFixture.bytes("gcc-O2-dwarf4")
    bytes[18] = 62
    let error = #expect(throws: SymbolsError.self) { try ProgramSymbols(elf: bytes) }
    #expect(error.map { "\($0)" } == "the ELF header, byte 18: the machine is x86-64 and not ARM")
    #expect(throws: SymbolsError.self) {
      try ProgramSymbols(elf: Array(repeating: 0x20, count: 100))
    }
  }

  @Test func `a damaged line table is a problem, and costs no symbol`() throws {
    var bytes = try SymbolFixture.bytes("gcc-O2-dwarf4")
    let program = try ProgramSymbols(elf: bytes)
    let lines = try #require(program.sectionContent(named: ".debug_line"))
    // The version of the first unit.
    bytes[lines.startIndex + 4] = 9
    let damaged = try ProgramSymbols(elf: bytes)
    #expect(
      damaged.problems.map { "\($0)" } == [".debug_line, byte 6: version 9, which is not read"])
    let main = try #require(damaged.symbol(named: "main") ?? damaged.symbol(named: "thread"))
    #expect(damaged.line(at: main.address) == nil)
    let trap = try #require(damaged.symbol(named: "trap"))
    #expect(damaged.line(at: trap.address)?.file == "/src/trap.s")
  }

  @Test func `compressed debug information is said to be so`() throws {
    var bytes = try SymbolFixture.bytes("gcc-O2-dwarf4")
    // SHF_COMPRESSED in the header of .debug_line, which is found by the offset of its content.
    let content = try #require(try ProgramSymbols(elf: bytes).sectionContent(named: ".debug_line")).startIndex
    let table = Int(bytes[32..<36].littleEndianWord(at: 0))
    let entry = try #require(
      stride(from: table, to: bytes.count - 39, by: 40).first { Int(bytes.littleEndianWord(at: $0 + 16)) == content })
    bytes[entry + 9] |= 0x08
    let program = try ProgramSymbols(elf: bytes)
    #expect(!program.hasLines)
    #expect(program.problems.map { "\($0)" } == [".debug_line, byte 0: it is compressed, which is not read"])
  }

  private func askEverything(_ program: ProgramSymbols, _ random: inout SeededGenerator) {
    _ = program.problems
    for _ in 0..<12 {
      let base: UInt32 = Bool.random(using: &random) ? 0x0800_0000 : 0x2000_0000
      let address = base + UInt32.random(in: 0...0x240, using: &random)
      _ = program.line(at: address)
      _ = program.symbol(at: address)
    }
    _ = program.functions(at: 0x0800_0040 + UInt32.random(in: 0...0x180, using: &random))
    _ = program.symbol(named: "thread_end")
    _ = program.symbols(inSection: ".data")
    let words = (0..<64).map { _ in
      [0x0800_00AF, 0xFFFF_FFF9, UInt32.random(in: 0...UInt32.max, using: &random)]
    }
    var registers = UnwindRegisters((0..<16).map { _ in 0x2000_0100 })
    registers.programCounter = 0x0800_0040 + UInt32.random(in: 0...0x180, using: &random)
    _ = program.callStack(of: HaltedCore(registers: registers, xPSR: 3), limit: 20) { address in
      words[Int(address >> 2) % 64][Int(address >> 8) % 3]
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    // The code is the first part of the file and means nothing here; the headers are 52 bytes, and 40 for each section.
    let places = [
      0..<64, min(400, bytes.count - 1)..<bytes.count, max(0, bytes.count - 900)..<bytes.count,
    ]
    let place = places.randomElement(using: &random) ?? 0..<1
    let index = Int.random(in: place, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[index] = [0x00, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
    case 2: bytes[index] = UInt8.random(in: 0...255, using: &random)
    case 3:
      for next in index..<min(index + 4, bytes.count) { bytes[next] = 0xFF }
    default:
      if index > 52, Int.random(in: 0..<20, using: &random) == 0 { bytes.remove(at: index) }
    }
  }
}
