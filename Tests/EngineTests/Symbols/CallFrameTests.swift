import Engine
import Testing

@Suite struct CallFrameTests {
  /// A value for each register by which it is known again.
  private let registers = UnwindRegisters((0..<16).map { 0x0101_0101 &* UInt32($0 + 1) })

  /// A word for each address by which it is known again.
  private func word(_ address: UInt32) -> UInt32? { address &* 2_654_435_761 }

  private func caller(_ program: ProgramSymbols, _ address: UInt32) -> CallFrameInformation.Outcome {
    program.callFrames.caller(of: registers, at: address, read: word)
  }

  @Test(arguments: SymbolFixture.names)
  func `the caller's registers are where readelf says`(name: String) throws {
    let program = try SymbolFixture.program(name)
    var end: UInt32 = 0
    var rows: [(start: UInt32, rules: [String])] = []
    for row in try SymbolFixture.words(name + ".frames") + [["0", "0", "r13+0"]] {
      let start = try UInt32(hexadecimal: row[0])
      if row[1] == "+" {
        // The first row of rules is at the beginning of the function itself.
        if rows.last?.start == start { rows.removeLast() }
        rows.append((start, Array(row.dropFirst(2))))
      } else {
        try check(program, rows, end: end)
        end = try UInt32(hexadecimal: row[1])
        rows = [(start, Array(row.dropFirst(2)))]
      }
    }
  }

  private func check(
    _ program: ProgramSymbols, _ rows: [(start: UInt32, rules: [String])], end: UInt32
  ) throws {
    for (index, row) in rows.enumerated() {
      let next = index + 1 < rows.count ? rows[index + 1].start : end
      for address in stride(from: row.start, to: max(next, row.start), by: 2) {
        #expect(
          caller(program, address) == .caller(try expected(row.rules)),
          "\(String(address, radix: 16)) \(row)")
      }
    }
  }

  /// The caller's registers by rules as readelf writes them: "r13+8 r4=c-8 ra=c-4".
  private func expected(_ rules: [String]) throws -> UnwindRegisters {
    let sign = try #require(rules[0].firstIndex { "+-".contains($0) })
    let number = try #require(Int(rules[0][..<sign].dropFirst()))
    let frame =
      try #require(registers[number]) &+ UInt32(bitPattern: try #require(Int32(rules[0][sign...])))
    var caller = UnwindRegisters((0..<16).map { (4...11).contains($0) ? registers[$0] : nil })
    caller.stackPointer = frame
    caller.programCounter = registers.linkRegister
    for rule in rules.dropFirst() {
      let parts = rule.split(separator: "=")
      let number = parts[0] == "ra" ? 15 : try #require(Int(parts[0].dropFirst()))
      // Of unchanged registers nothing is to be said; those of the FPU are not unwound.
      guard parts[1] != "u", parts[0].first == "r" else { continue }
      caller[number] = word(frame &+ UInt32(bitPattern: try #require(Int32(parts[1].dropFirst()))))
    }
    return caller
  }

  @Test func `expressions, registers and states are followed`() throws {
    let program = try SymbolFixture.program("frames")
    let (stack, link) = (try #require(registers.stackPointer), try #require(registers.linkRegister))
    let start = try #require(program.symbol(named: "escaped")).address

    var plain = UnwindRegisters((0..<16).map { (4...11).contains($0) ? registers[$0] : nil })
    plain.stackPointer = stack
    plain.programCounter = link
    #expect(caller(program, start) == .caller(plain))

    // DW_CFA_def_cfa_expression, DW_CFA_expression, DW_CFA_val_expression.
    let frame = try #require(word(stack + 8))
    var computed = plain
    computed.stackPointer = frame
    computed[4] = word(frame &- 8)
    computed[5] = frame &+ 4
    computed.programCounter = word(frame &- 4)
    #expect(caller(program, start + 2) == .caller(computed))

    // DW_CFA_restore_state, DW_CFA_register.
    var moved = plain
    moved.programCounter = registers[6]
    #expect(caller(program, start + 4) == .caller(moved))

    #expect(caller(program, start + 6) == .outermost)
  }

  @Test func `what cannot be followed is said`() throws {
    let program = try SymbolFixture.program("frames")
    let start = try #require(program.symbol(named: "escaped")).address
    let end = start + 10
    guard case .failed(.damaged(let error)) = caller(program, start + 8) else {
      Issue.record("an operation without a meaning is followed")
      return
    }
    #expect(error.part == .frames && "\(error)".contains("operation 240"))
    #expect(caller(program, end + 6) == .failed(.noInformation(end + 6)))
    let unreadable = program.callFrames.caller(of: registers, at: start + 2) { _ in nil }
    #expect(unreadable == .failed(.unreadable(0x0E0E_0E0E + 8)))
    let unknown = program.callFrames.caller(of: UnwindRegisters([]), at: start, read: word)
    #expect(unknown == .failed(.lostRegister(13)))
  }

  @Test func `the relative addresses of exception frames are followed`() throws {
    let program = try SymbolFixture.program("frames")
    let start = try #require(program.symbol(named: "relative")).address
    let stack = try #require(registers.stackPointer)
    guard case .caller(let caller) = caller(program, start + 2) else {
      Issue.record("no caller")
      return
    }
    #expect(
      caller.stackPointer == stack + 8 && caller[7] == word(stack)
        && caller.programCounter == word(stack + 4))
    #expect(program.problems.isEmpty)
  }
}
