import Testing

@testable import Engine

/// Where instructions lead, as binutils' disassembler says of them.
struct ThumbFlowTests {
  @Test(
    arguments: [
      // movs r0, #1; ldr r0, [r1]; nop
      (0x2001, 0, 2, true, nil, false), (0x6808, 0, 2, true, nil, false), (0xBF00, 0, 2, true, nil, false),
      // bne .-14; beq .+2; b .-4; b .+2046
      (0xD1F9, 0, 2, true, 0x0FF6, false), (0xD0FF, 0, 2, true, 0x1002, false), (0xE7FE, 0, 2, false, 0x1000, false),
      (0xE3FD, 0, 2, false, 0x17FE, false),
      // svc 0; udf
      (0xDF00, 0, 2, true, nil, false), (0xDE00, 0, 2, true, nil, false),
      // cbz r0, .+4; cbnz r3, .+130
      (0xB100, 0, 2, true, 0x1004, false), (0xBBFB, 0, 2, true, 0x1082, false),
      // bx lr; blx r3; pop {pc}; pop {r0}; mov pc, r0; mov r8, r0; add pc, r1
      (0x4770, 0, 2, true, nil, true), (0x4798, 0, 2, true, nil, true), (0xBD00, 0, 2, true, nil, true),
      (0xBC01, 0, 2, true, nil, false), (0x4687, 0, 2, true, nil, true), (0x4680, 0, 2, true, nil, false),
      (0x448F, 0, 2, true, nil, true),
      // bl .-26; b.w .+4; bne.w .+4; bl .+0x1000
      (0xF7FF, 0xFFF3, 4, true, 0x0FEA, true), (0xF000, 0xB800, 4, false, 0x1004, false),
      (0xF040, 0x8000, 4, true, 0x1004, false), (0xF000, 0xFFFE, 4, true, 0x2000, true),
      // movw r0, #1044; str.w; dmb; tbb [pc, r0]; pop.w {r4, pc}; ldr.w pc, [r0]; ldr.w r1, [r0]; ldmdb r7, {pc}
      (0xF240, 0x4014, 4, true, nil, false), (0xF8C0, 0x1000, 4, true, nil, false),
      (0xF3BF, 0x8F5F, 4, true, nil, false), (0xE8DF, 0xF000, 4, false, nil, true),
      (0xE8BD, 0x8010, 4, true, nil, true), (0xF8D0, 0xF000, 4, true, nil, true),
      (0xF8D0, 0x1000, 4, true, nil, false), (0xE917, 0x8000, 4, true, nil, true),
    ] as [(UInt16, UInt16, UInt32, Bool, UInt32?, Bool)])
  func `an instruction's length and ways are known`(
    first: UInt16, second: UInt16, byteCount: UInt32, goesOn: Bool, target: UInt32?, isOpen: Bool
  ) {
    let flow = ThumbFlow(first, second, at: 0x1000)
    #expect(flow.byteCount == byteCount)
    #expect(flow.goesOn == goesOn)
    #expect(flow.target == target)
    #expect(flow.isOpen == isOpen)
  }

  // str r1, [r0]; strb; strh r0, [r1, r2]; push {r0}; stmia r0!, {r1}; str r0, [sp]; stmdb.w; str.w; vstr; svc; bkpt
  @Test(
    arguments: [0x6001, 0x7001, 0x5288, 0xB401, 0xC002, 0x9000, 0xE92D, 0xF8C0, 0xED80, 0xDF00, 0xBEAB] as [UInt16])
  func `what may write to memory is known`(first: UInt16) { #expect(ThumbFlow.mayWrite(first)) }

  @Test(
    arguments: [
      (0x6008, 1), (0x7039, 7), (0x8010, 2), (0x9001, 13), (0xB510, 13), (0xC306, 3), (0xF8C4, 4), (0xE92D, 13),
      (0x5288, nil), (0xE8A4, nil), (0x6808, nil),
    ] as [(UInt16, Int?)])
  func `the register from which a store counts is known`(first: UInt16, base: Int?) {
    #expect(ThumbFlow.storeBase(first) == base)
  }

  // movs; ldr r0, [r1]; ldrb r0, [r1, r2]; pop; ldmia; b; bl; movw; cmp; it
  @Test(arguments: [0x2001, 0x6808, 0x5C88, 0xBC01, 0xC802, 0xE7FE, 0xF7FF, 0xF240, 0x4291, 0xBF18] as [UInt16])
  func `what writes nothing is known`(first: UInt16) { #expect(!ThumbFlow.mayWrite(first)) }

  private func exits(_ halfwords: [UInt16], from start: UInt32 = 0x1000, range: Range<UInt32>? = nil) -> Set<UInt32>? {
    let code = halfwords.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let range = range ?? 0x1000..<0x1000 + UInt32(code.count)
    return RangeExits(range, code: code, from: start)?.places
  }

  @Test
  func `a loop within a range is left at its end only`() {
    // ldr; add; adds; cmp; str; bne back; ldr
    #expect(exits([0x6803, 0x440B, 0x3101, 0x4291, 0x6003, 0xD1F9]) == [0x100C])
  }

  @Test
  func `calls, returns and branches out of a range are ways out`() {
    // bl; bne out; bx lr
    #expect(exits([0xF000, 0xF87E, 0xD17F, 0x4770]) == [0x1000, 0x1004, 0x1006, 0x1008])
  }

  @Test
  func `what nothing leads to is not looked at`() {
    // b over a literal that looks like bx lr; nop
    #expect(exits([0xE001, 0x4770, 0x4770, 0xBF00]) == [0x1008])
  }

  @Test
  func `a branch in an IT block may be left out`() {
    // it ne; b .-4 (to itself's neighbour, in the range); nop
    #expect(exits([0xBF18, 0xE7FD, 0xBF00]) == [0x1006])
  }

  @Test
  func `a range that the core is not in has no ways out`() {
    #expect(exits([0xBF00], from: 0x2000) == nil)
  }

  @Test(
    arguments: [
      (0x2000_0000, 4, [(0x2000_0000, 2)]), (0x2000_0001, 3, [(0x2000_0001, 0), (0x2000_0002, 1)]),
      (0x2000_0002, 8, [(0x2000_0002, 1), (0x2000_0004, 2), (0x2000_0008, 1)]),
      (0x2000_0000, 3, [(0x2000_0000, 1), (0x2000_0002, 0)]),
    ] as [(UInt32, UInt32, [(UInt32, UInt32)])])
  func `a watched stretch is cut into what a comparator can compare`(
    address: UInt32, byteCount: UInt32, pieces: [(UInt32, UInt32)]
  ) throws {
    let watchpoint = try #require(Watchpoint(address: address, byteCount: byteCount, access: .write))
    #expect(watchpoint.pieces.map { [$0.address, $0.bits] } == pieces.map { [$0.0, $0.1] })
  }
}
