import Engine
import Testing

@Suite struct ProgramSymbolsTests {
  @Test(arguments: SymbolFixture.names)
  func `every instruction has the function and the line that addr2line gives`(name: String) throws {
    let program = try SymbolFixture.program(name)
    #expect(program.hasLines && program.problems.isEmpty)
    let rows = try SymbolFixture.words(name + ".lines")
    for (row, next) in zip(rows, rows.dropFirst() + [[]]) {
      let start = try UInt32(hexadecimal: row[0])
      let symbol = try #require(program.symbol(at: start))
      #expect(symbol.symbol.name == row[1], "\(row)")
      // Up to the next row, or to the end of the function where that comes first.
      let end = symbol.symbol.address + symbol.symbol.size
      let last = next.isEmpty ? end : min(end, try UInt32(hexadecimal: next[0]))
      for address in stride(from: start, to: last, by: 2) {
        let place = try #require(program.line(at: address))
        #expect(text(place) == row[3], "\(String(address, radix: 16))")
        let functions = program.functions(at: address)
        // Of assembly, the file names no functions.
        if functions.isEmpty, place.file.hasSuffix(".s") { continue }
        let words = functions.flatMap { [$0.linkageName ?? $0.name ?? "?", text($0.location)] }
        #expect(words == Array(row.dropFirst(2)), "\(String(address, radix: 16))")
        #expect(functions.map(\.isInlined) == functions.indices.map { $0 < functions.count - 1 })
      }
    }
  }

  /// A place as addr2line writes it.
  private func text(_ place: SourceLine?) -> String {
    guard let place else { return "??:?" }
    return "\(place.file):\(place.line.map(String.init) ?? "?")"
  }

  @Test func `columns and folders are those that the compiler was given`() throws {
    let program = try SymbolFixture.program("gcc-Os-lto-dwarf5")
    let handler = try #require(program.symbol(named: "SVC_Handler"))
    #expect(
      program.line(at: handler.address + 8)
        == SourceLine(file: "/src/stacks.c", line: 43, column: 10))
    let descend = try #require(program.symbol(named: "descend"))
    #expect(program.line(at: descend.address + 4)?.description == "/src/include/scale.h:6:16")
  }

  @Test func `code that the linker has left out has no line`() throws {
    for name in SymbolFixture.names {
      let program = try SymbolFixture.program(name)
      #expect(program.symbol(named: "left_out") == nil)
      for address: UInt32 in [0, 2, 4, 0x10, 0xFFFF_FFFE, 0x0700_0000] {
        #expect(program.line(at: address) == nil)
        #expect(program.symbol(at: address) == nil)
      }
    }
  }

  @Test func `symbols are found by address and by name, code without its Thumb bit`() throws {
    let program = try SymbolFixture.program("gcc-O2-dwarf4")
    let reset = try #require(program.symbol(named: "Reset_Handler"))
    #expect(
      reset
        == ProgramSymbol(name: "Reset_Handler", address: 0x0800_012C, size: 0x60, kind: .function))
    #expect(program.entryPoint == reset.address)
    #expect(program.symbol(at: reset.address + 6)?.offset == 6)
    let data = try #require(program.symbol(named: "thread_stack"))
    #expect(data.kind == .object && data.size == 1024)
    #expect(program.symbol(at: data.address + 1023)?.symbol == data)
    // What the linker script names is no symbol of an address, but has one.
    #expect(program.symbol(named: "_stack_top")?.address == 0x2000_8000)
    #expect(program.symbol(named: "") == nil && program.symbol(named: "Reset_Handle") == nil)
    #expect(program.symbol(named: "$t") == nil)
  }

  @Test func `of many names for a handler the one that is not weak is taken`() throws {
    let program = try SymbolFixture.program("gcc-O2-dwarf4")
    let handler = try #require(program.symbol(named: "SysTick_Handler"))
    #expect(program.symbol(at: handler.address)?.symbol.name == "Default_Handler")
  }

  @Test func `code in RAM is found where it runs`() throws {
    for name in SymbolFixture.names {
      let program = try SymbolFixture.program(name)
      let function = try #require(program.symbol(named: "from_ram"))
      #expect(function.address >> 28 == 2 && program.isCode(function.address))
      #expect(program.line(at: function.address)?.file.hasSuffix("stacks.c") == true)
    }
  }

  @Test func `sections are found by name`() throws {
    let program = try SymbolFixture.program("gcc-O2-dwarf4")
    #expect(program.hasSection(".debug_frame") && !program.hasSection(".defmt"))
    #expect(program.sectionContent(named: ".text")?.starts(with: [0x00, 0x80, 0x00, 0x20]) == true)
    #expect(
      program.sectionContent(named: ".bss") == nil && program.sectionContent(named: ".defmt") == nil
    )
    let data = program.symbols(inSection: ".data").map(\.name)
    #expect(Set(["factor", "depth", "from_ram"]).isSubset(of: data), "\(data)")
    #expect(program.symbols(inSection: ".defmt").isEmpty)
  }

  @Test func `symbols of a section that takes up no memory are names, and lie nowhere`() throws {
    let program = try SymbolFixture.program("frames")
    #expect(program.hasSection(".defmt"))
    let texts = program.symbols(inSection: ".defmt")
    #expect(texts.map(\.name) == [#"{"package":"fixture","tag":"defmt_info","data":"x = {=u8}"}"#])
    #expect(texts.first.flatMap { program.symbol(at: $0.address) }?.symbol.name == nil)
  }
}
