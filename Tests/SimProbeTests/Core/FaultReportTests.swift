import Testing

@testable import SimProbe

/// What the fault status registers say, and where faults escalate (ARMv7-M, B1.5 and B3.2.15).
@Suite struct `Fault reports` {
  private static let vectors: [Int: UInt32] = [
    3: 0x0800_0300, 4: 0x0800_0400, 5: 0x0800_0500, 6: 0x0800_0600, 11: 0x0800_0200,
  ]
  private static let faultStatus: UInt32 = 0xE000_ED28
  private static let hardFaultStatus: UInt32 = 0xE000_ED2C
  private static let handlerControl: UInt32 = 0xE000_ED24
  /// MEMFAULTENA, BUSFAULTENA, USGFAULTENA.
  private static let allEnabled: UInt32 = 7 << 16

  let bench = CoreBench()

  /// Starts a program whose fault handlers stay where they are; `prepare` comes before the first instruction.
  private func start(_ program: [UInt16], handlers: UInt32 = allEnabled, _ prepare: (CoreBench) -> Void = { _ in }) {
    bench.program(program, vectors: Self.vectors)
    for address in Self.vectors.values { bench.programCode([0xE7FE], at: Int(address & 0xFFF)) }
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(Self.handlerControl, handlers)
    prepare(bench)
    bench.run(50)
  }

  /// The memory protection unit allows the flash and nothing else, privileged code included.
  private func allowOnlyFlash(_ bench: CoreBench, enable: Bool = true) {
    bench.poke(0xE000_ED9C, 0x0800_0010)
    bench.poke(0xE000_EDA0, 0x0600_0021)
    if enable { bench.poke(0xE000_ED94, 1) }
  }

  // MARK: Memory management

  @Test func `fetching where nothing may be executed names no address`() {
    start([0x2004, 0x0700, 0x3001, 0x4700])  // BX to 0x4000_0000
    #expect(bench.core.exceptionNumber == ExceptionNumber.memoryManagement)
    #expect(bench.peek(Self.faultStatus) == 0x01, "IACCVIOL")
    #expect(bench.stackedProgramCounter == 0x4000_0000)
  }

  @Test func `a stack that protection forbids is a fault of stacking`() {
    start([0xDF00, 0xE7FE]) {
      $0.poke(0xE000_ED1C, 0x4000_0000)  // SVCall less urgent
      self.allowOnlyFlash($0)
    }
    #expect(bench.core.exceptionNumber == ExceptionNumber.memoryManagement)
    #expect(bench.peek(Self.faultStatus) == 0x10, "MSTKERR")
  }

  @Test func `a stack that became forbidden is a fault of unstacking`() {
    bench.programFlash([], at: 0)
    start([0xDF00, 0xE7FE]) {
      self.allowOnlyFlash($0, enable: false)
      $0.poke(0xE000_ED1C, 0x4000_0000)
      // LDR R0,[PC,#8]; MOVS R1,#1; STR R1,[R0]; DSB; BX LR; the address of MPU_CTRL
      $0.programCode([0x4802, 0x2101, 0x6001, 0xF3BF, 0x8F4F, 0x4770, 0xED94, 0xE000], at: 0x200)
    }
    #expect(bench.peek(Self.faultStatus).map { $0 & 0x08 } == 0x08, "MUNSTKERR")
  }

  @Test func `the unit is off in HardFault unless HFNMIENA says otherwise`() {
    var unit = MemoryProtection()
    unit.write(0x04, 1)
    let access = CoreAccess(address: 0x2000_0000, width: .word, isPrivileged: true)
    #expect(unit.allows(access, negativePriority: true))
    #expect(!unit.allows(access, negativePriority: false))
    unit.write(0x04, 3)
    #expect(!unit.allows(access, negativePriority: true))
  }

  @Test func `the highest region decides, but not where its subregion is off`() {
    var unit = MemoryProtection()
    unit.write(0x04, 1)
    // Region 0: 64 KiB, full access; region 7: the same 64 KiB read-only, its second eighth off.
    unit.write(0x0C, 0x2000_0010)
    unit.write(0x10, 0x0300_001F)
    unit.write(0x0C, 0x2000_0017)
    unit.write(0x10, 0x0600_021F)
    func canWrite(_ address: UInt32) -> Bool {
      unit.allows(
        CoreAccess(address: address, width: .word, isPrivileged: true, written: 0), negativePriority: false)
    }
    #expect(!canWrite(0x2000_0000))
    #expect(canWrite(0x2000_2000))
    #expect(!canWrite(0x2000_4000))
    #expect(!canWrite(0x2001_0000), "no region at all")
  }

  @Test(
    arguments: [
      (0, [false, false, false, false]), (1, [true, true, false, false]), (2, [true, true, true, false]),
      (3, [true, true, true, true]), (5, [true, false, false, false]), (6, [true, false, true, false]),
      (7, [true, false, true, false]),
    ] as [(UInt32, [Bool])])
  func `the permissions are those of the architecture's table`(code: UInt32, expected: [Bool]) {
    let region = MemoryProtection.Region(base: 0, attributes: code << 24)
    let found = [(false, true), (true, true), (false, false), (true, false)].map {
      region.permits(isWrite: $0.0, isPrivileged: $0.1)
    }
    #expect(found == expected, "privileged read and write, unprivileged read and write")
  }

  // MARK: Bus faults

  @Test func `a bus error while stacking is a fault of stacking`() {
    start([0xDF00]) {
      $0.poke(0xE000_ED1C, 0x4000_0000)
      $0.core.registers[13] = 0x3000_0000
    }
    #expect(bench.core.exceptionNumber == ExceptionNumber.busFault)
    #expect(bench.peek(Self.faultStatus) == 0x1000, "STKERR")
  }

  @Test func `a bus error of a fetch names no address`() {
    start([0x2003, 0x0700, 0x3001, 0x4700])  // BX to 0x3000_0000
    #expect(bench.core.exceptionNumber == ExceptionNumber.busFault)
    #expect(bench.peek(Self.faultStatus) == 0x0100, "IBUSERR")
  }

  @Test func `a vector table that cannot be read ends in a lockup`() {
    start([0xDF00]) { $0.poke(0xE000_ED08, 0x3000_0000) }
    #expect(bench.core.state == .lockedUp)
    #expect(bench.peek(Self.hardFaultStatus).map { $0 & 2 } == 2, "VECTTBL")
  }

  // MARK: Usage faults

  @Test(
    arguments: [
      [0xE9D8, 0x0100], [0xE9C8, 0x0100], [0xE898, 0x0003], [0xE888, 0x0003], [0xE858, 0x0F00], [0xE8D8, 0x0F5F],
    ] as [[UInt16]])
  func `LDRD, STRD, LDM, STM, LDREX and LDREXH always want alignment`(instruction: [UInt16]) {
    let bench = PairedCore(seed: 1, program: instruction)
    bench.core.registers[8] += 1
    #expect(throws: CoreFault.usage(.unaligned)) { try bench.core.step() }
  }

  @Test(arguments: [[0xF8D8, 0x0001], [0xF8C8, 0x0001], [0xF8B8, 0x0001]] as [[UInt16]])
  func `LDR, STR and LDRH want it with UNALIGN_TRP alone`(instruction: [UInt16]) throws {
    let bench = PairedCore(seed: 1, program: instruction + instruction)
    try bench.core.step()
    bench.core.writeSystemControl(0xD14, 1 << 3, by: .coreData)
    #expect(throws: CoreFault.usage(.unaligned)) { try bench.core.step() }
  }

  @Test(arguments: [[0xFBB1, 0xF0F2], [0xFB91, 0xF0F2]] as [[UInt16]])
  func `a division by zero gives zero, or traps with DIV_0_TRP`(instruction: [UInt16]) throws {
    let bench = PairedCore(seed: 1, program: instruction + instruction)
    (bench.core.registers[0], bench.core.registers[1], bench.core.registers[2]) = (7, 7, 0)
    try bench.core.step()
    #expect(bench.core.registers[0] == 0)
    bench.core.writeSystemControl(0xD14, 1 << 4, by: .coreData)
    #expect(throws: CoreFault.usage(.divideByZero)) { try bench.core.step() }
  }

  @Test func `the status bit of a division by zero is DIVBYZERO`() {
    start([0xFBB1, 0xF0F2]) { $0.poke(0xE000_ED14, 1 << 9 | 1 << 4) }
    #expect(bench.core.exceptionNumber == ExceptionNumber.usageFault)
    #expect(bench.peek(Self.faultStatus) == 1 << 25)
    bench.poke(Self.faultStatus, 1 << 25)
    #expect(bench.peek(Self.faultStatus) == 0, "a 1 clears it")
  }

  // MARK: Escalation

  @Test func `a fault that is less urgent than the code escalates to HardFault`() {
    // The SVC handler, as urgent as can be, executes an undefined instruction; UsageFault is less urgent.
    start([0xDF00]) {
      $0.programCode([0xDE00], at: 0x200)
      $0.poke(0xE000_ED18, 0x0040_0000)
    }
    #expect(bench.core.exceptionNumber == ExceptionNumber.hardFault)
    #expect(bench.peek(Self.hardFaultStatus) == 1 << 30, "FORCED")
    #expect(bench.peek(Self.faultStatus) == 1 << 16, "UNDEFINSTR")
  }

  @Test func `a supervisor call where it cannot be taken escalates`() {
    start([0xB672, 0xDF00])  // CPSID i; SVC
    #expect(bench.core.exceptionNumber == ExceptionNumber.hardFault)
    #expect(bench.peek(Self.hardFaultStatus) == 1 << 30)
  }

  @Test(
    arguments: [
      (1 << 4, [0x2004, 0x0700, 0x3001, 0x4700]), (1 << 5, [0xEE00, 0x0A00]), (1 << 6, [0xFBB1, 0xF0F2]),
      (1 << 7, [0xDE00]), (1 << 8, [0x2003, 0x0700, 0x6801]),
    ] as [(UInt32, [UInt16])])
  func `each vector catch halts at its fault`(catch: UInt32, program: [UInt16]) {
    bench.program(program, vectors: Self.vectors)
    bench.startHalted()
    bench.poke(Register.dfsr, 0x1F)
    bench.poke(Self.handlerControl, Self.allEnabled)
    bench.poke(0xE000_ED14, 1 << 9 | 1 << 4)
    bench.poke(Register.demcr, `catch`)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(20)
    #expect(bench.core.isHalted)
    #expect(bench.peek(Register.dfsr) == 8)
    #expect([4, 5, 6].contains(bench.core.exceptionNumber))
  }
}
