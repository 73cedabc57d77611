import Testing

@testable import SimProbe

/// ITM, TPIU and the DWT's packets: what leaves on the pin, and when (ARMv7-M, C1.7, C1.8 and D4).
@Suite struct TraceTests {
  /// Characters that have begun on the trace port's pin.
  final class Pin {
    var frames: [SerialFrame] = []
    var bytes: [UInt8] { frames.map { UInt8(truncatingIfNeeded: $0.word) } }
  }

  static let termination: [UInt16] = [0xE7FE]
  private static let port0: UInt32 = 0xE000_0000
  private static let ter: UInt32 = 0xE000_0E00
  private static let tpr: UInt32 = 0xE000_0E40
  private static let tcr: UInt32 = 0xE000_0E80
  private static let lar: UInt32 = 0xE000_0FB0
  private static let dwt: UInt32 = 0xE000_1000
  private static let acpr: UInt32 = 0xE004_0010
  private static let sppr: UInt32 = 0xE004_00F0
  private static let ffcr: UInt32 = 0xE004_0304

  /// A core that runs a program at 16 MHz, its trace set up for 2 Mbaud as hosts do: 80 cycles a character.
  private func bench(
    _ program: [UInt16] = termination, vectors: [Int: UInt32] = [:], control: UInt32 = 0x0001_0009,
    watchpoint: UInt32 = 0,
    _ profile: CoreProfile = .cortexM4r0p1()
  ) -> (CoreBench, Pin) {
    let bench = CoreBench(profile)
    let pin = Pin()
    bench.program(program, vectors: vectors)
    bench.startHalted()
    bench.core.traceCharacter.connect(to: pin) { $0.frames.append($1) }
    bench.poke(Self.acpr, 7)
    bench.poke(Self.sppr, 2)
    bench.poke(Self.ffcr, 0x100)
    bench.poke(Self.lar, 0xC5AC_CE55)
    bench.poke(Self.ter, .max)
    bench.poke(Self.tcr, control)
    bench.poke(Self.dwt, watchpoint)
    return (bench, pin)
  }

  private func go(_ bench: CoreBench, microseconds: UInt64 = 100) {
    bench.poke(Register.dhcsr, 0xA05F_0000)
    bench.run(microseconds)
  }

  // MARK: Packets

  static let packets: [(TracePacket, [UInt8])] = [
    (.synchronisation, [0, 0, 0, 0, 0, 0x80]),
    (.stimulus(port: 0, value: 0x48, width: .byte), [0x01, 0x48]),
    (.stimulus(port: 1, value: 0x41, width: .byte), [0x09, 0x41]),
    (.stimulus(port: 31, value: 0x7F, width: .byte), [0xF9, 0x7F]),
    (.stimulus(port: 0, value: 0x1234, width: .halfword), [0x02, 0x34, 0x12]),
    (.stimulus(port: 0, value: 0x1234_5678, width: .word), [0x03, 0x78, 0x56, 0x34, 0x12]),
    (.stimulus(port: 31, value: 0xDEAD_BEEF, width: .word), [0xFB, 0xEF, 0xBE, 0xAD, 0xDE]),
    (.overflow, [0x70]),
    (.localTimestamp(1, isLate: false, isPacketLate: false), [0x10]),
    (.localTimestamp(6, isLate: false, isPacketLate: false), [0x60]),
    (.localTimestamp(5, isLate: true, isPacketLate: false), [0xD0, 0x05]),
    (.localTimestamp(200, isLate: false, isPacketLate: false), [0xC0, 0xC8, 0x01]),
    (.localTimestamp(268_435_455, isLate: true, isPacketLate: true), [0xF0, 0xFF, 0xFF, 0xFF, 0x7F]),
    (.globalTimestamp(0x0080_C101, hasWrapped: false), [0x94, 0x81, 0x82, 0x83, 0x04]),
    (.globalTimestampHigh(0x0080_C101), [0xB4, 0x81, 0x82, 0x83, 0x04]),
    (.countersWrapped(0x20), [0x05, 0x20]), (.countersWrapped(0x3F), [0x05, 0x3F]),
    (.exception(number: 15, .entered), [0x0E, 0x0F, 0x10]), (.exception(number: 15, .exited), [0x0E, 0x0F, 0x20]),
    (.exception(number: 0, .returnedTo), [0x0E, 0x00, 0x30]),
    (.exception(number: 302, .entered), [0x0E, 0x2E, 0x11]),
    (.programCounter(0x0800_0134), [0x17, 0x34, 0x01, 0x00, 0x08]), (.asleep, [0x15, 0x00]),
    (.matchedInstruction(comparator: 0, 0x0800_0134), [0x47, 0x34, 0x01, 0x00, 0x08]),
    (.matchedInstruction(comparator: 3, 0x0800_0134), [0x77, 0x34, 0x01, 0x00, 0x08]),
    (.matchedAddress(comparator: 0, 0x2000_2010), [0x4E, 0x10, 0x20]),
    (.matchedValue(comparator: 0, 0xAA, .byte, isWrite: false), [0x85, 0xAA]),
    (.matchedValue(comparator: 0, 0x1234_5678, .word, isWrite: false), [0x87, 0x78, 0x56, 0x34, 0x12]),
    (.matchedValue(comparator: 0, 0xAA, .byte, isWrite: true), [0x8D, 0xAA]),
    (.matchedValue(comparator: 0, 0x1234, .halfword, isWrite: true), [0x8E, 0x34, 0x12]),
    (.matchedValue(comparator: 3, 0x1234_5678, .word, isWrite: true), [0xBF, 0x78, 0x56, 0x34, 0x12]),
  ]

  @Test func `packets have the bytes of the architecture`() {
    for (packet, bytes) in Self.packets { #expect(packet.bytes == bytes, "\(packet)") }
  }

  // MARK: Ports and the pin

  @Test func `characters leave at HCLK by the prescaler, ten bits each`() {
    let (bench, pin) = bench()
    bench.poke(Self.port0, 0x1234_5678)
    bench.poke(Self.port0 + 4, 0x41, .byte)
    bench.run(100)
    #expect(pin.bytes == [0x03, 0x78, 0x56, 0x34, 0x12, 0x09, 0x41])
    #expect(zip(pin.frames, pin.frames.dropFirst()).allSatisfy { $1.start - $0.start == 5_000 }, "10 bits at 2 Mbaud")
    #expect(pin.frames.allSatisfy { $0.format.bitLength == 500_000 })
  }

  @Test func `a change of HCLK changes the rate at once`() {
    let (bench, pin) = bench()
    bench.poke(Self.port0, 0x4241, .halfword)
    bench.run(7)
    bench.core.hclkHertz = 64_000_000
    bench.run(20)
    #expect(pin.frames.map { $0.format.bitLength } == [500_000, 500_000, 125_000])
  }

  @Test func `a port is full until its bytes have left, and what does not fit is an overflow`() {
    let (bench, pin) = bench()
    for value: UInt32 in 0x40..<0x48 { bench.poke(Self.port0, value) }
    #expect(bench.peek(Self.port0) == 0)
    bench.run(60)
    #expect(bench.peek(Self.port0) == 1)
    bench.poke(Self.port0, 0x5A, .byte)
    bench.run(60)
    #expect(
      pin.bytes == [
        0x03, 0x40, 0, 0, 0, 0x03, 0x41, 0, 0, 0, 0x03, 0x42, 0, 0, 0, 0x70, 0x01, 0x5A,
      ] || pin.bytes == [0x03, 0x40, 0, 0, 0, 0x03, 0x41, 0, 0, 0, 0x70, 0x01, 0x5A], "\(pin.bytes)")
  }

  @Test func `closed ports, a closed unit and a unit without clock take nothing`() {
    let (bench, pin) = bench()
    bench.poke(Self.ter, 0b10)
    bench.poke(Self.port0, 0x41, .byte)
    bench.poke(Self.tcr, 0x0001_0008)
    bench.poke(Self.port0 + 4, 0x41, .byte)
    bench.poke(Self.tcr, 0x0001_0001)
    bench.poke(Register.demcr, 0)
    bench.poke(Self.port0 + 4, 0x42, .byte)
    bench.poke(Self.ter, 0)
    #expect(bench.peek(Self.port0) == 0 && bench.peek(Self.tcr) == 0 && bench.peek(Self.acpr) == 0)
    bench.poke(Register.demcr, 0x0100_0000)
    bench.poke(Self.port0 + 4, 0x43, .byte)
    bench.run(50)
    #expect(bench.peek(Self.ter) == 0b10 && bench.peek(Self.acpr) == 7, "registers keep their values")
    #expect(pin.bytes == [0x09, 0x43])
  }

  @Test func `the cycle counter stands still without TRCENA`() {
    let (bench, _) = bench(watchpoint: 1)
    go(bench)
    bench.poke(Register.demcr, 0)
    bench.run(100)
    bench.poke(Register.demcr, 0x0100_0000)
    let count = bench.peek(0xE000_1004) ?? 0
    #expect((1_590...1_620).contains(count), "\(count)")
  }

  @Test func `locked registers ignore writes, ports do not`() {
    let (bench, pin) = bench()
    bench.poke(Self.lar, 0)
    bench.poke(Self.ter, 0)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(20)
    #expect(pin.bytes == [0x01, 0x41])
  }

  @Test func `code without privileges uses the ports that are opened to it`() {
    // MOVS R0,#1; MSR CONTROL,R0; MOVS R1,#0x41; MOV.W R2,#0xE0000000; STRB R1,[R2]; STRB R1,[R2,#31*4 as register]; B .
    let program: [UInt16] = [
      0x2001, 0xF380, 0x8814, 0x2141, 0xF04F, 0x4260, 0x7011, 0x237C, 0x54D1, 0xE7FE,
    ]
    let (bench, pin) = bench(program)
    bench.poke(Self.tpr, 0b1000)
    go(bench)
    #expect(pin.bytes == [0x01, 0x41], "port 31 is closed to it")
    #expect(bench.core.state == .running && bench.core.exceptionNumber == 0)
  }

  @Test func `nothing readable leaves by another protocol`() {
    let (bench, pin) = bench()
    bench.poke(Self.sppr, 0)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(20)
    #expect(pin.bytes == [])
    bench.poke(Self.sppr, 1)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(20)
    #expect(!pin.bytes.contains(0x41) && pin.bytes.count == 4)
  }

  @Test func `the formatter packs the stream into frames`() {
    let (bench, pin) = bench()
    bench.poke(Self.ffcr, 0x102)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(200)
    // Source 1 at place 0; 01 at place 1; 41 at place 2 with its lowest bit in the last byte; then nobody's.
    #expect(pin.bytes.count == 16 && pin.bytes.prefix(3) == [0x03, 0x01, 0x01], "\(pin.bytes)")
    #expect(pin.bytes[3] == 0x41 && pin.bytes[15] & 0b10 != 0, "the number at place 2 acts behind the byte at place 3")
  }

  // MARK: Timestamps and synchronisation

  @Test func `a timestamp tells the time since the last one`() {
    let (bench, pin) = bench(control: 0x0001_0003)
    bench.run(10)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(100)
    bench.poke(Self.port0, 0x42, .byte)
    bench.run(100)
    // 160 cycles, and 1600 more.
    #expect(pin.bytes == [0x01, 0x41, 0xC0, 0xA0, 0x01, 0x01, 0x42, 0xC0, 0xC0, 0x0C])
  }

  @Test func `the prescaler makes ticks longer, and few of them are one byte`() {
    let (bench, pin) = bench(control: 0x0001_0203)
    bench.run(5)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(100)
    #expect(pin.bytes == [0x01, 0x41, 0x50])
  }

  @Test func `a timestamp that others came before is told as late`() {
    let (bench, pin) = bench(control: 0x0001_0003)
    bench.run(10)
    bench.poke(Self.port0, 0x41, .byte)
    bench.poke(Self.port0, 0x42, .byte)
    bench.run(100)
    #expect(pin.bytes == [0x01, 0x41, 0x01, 0x42, 0xD0, 0xA0, 0x01], "\(pin.bytes)")
  }

  @Test func `the counter of the timestamps does not wrap silently`() {
    let (bench, pin) = bench(control: 0x0001_0003)
    bench.run(1_000_000)
    bench.poke(Self.port0, 0x41, .byte)
    bench.run(100)
    // 16,000,000 cycles are 7 times 2,097,151 and 1,319,943.
    let wrap: [UInt8] = [0xC0, 0xFF, 0xFF, 0x7F]
    #expect(Array(pin.bytes.prefix(28)) == (0..<7).flatMap { _ in wrap })
    #expect(pin.bytes.dropFirst(28) == [0x01, 0x41, 0xC0, 0x87, 0xC8, 0x50], "\(pin.bytes.dropFirst(28))")
  }

  @Test func `synchronisation comes first and with each tap of the cycle counter`() {
    let (bench, pin) = bench(control: 0x0001_000D, watchpoint: 1 << 10 | 1)
    bench.poke(0xE000_1004, 0x00FF_FF00)
    go(bench, microseconds: 200)
    let packet: [UInt8] = [0, 0, 0, 0, 0, 0x80]
    #expect(pin.bytes == packet + packet)
  }

  // MARK: DWT

  /// NOP; B to it; a handler that returns.
  private static let loopAndHandler: [UInt16] = [0xBF00, 0xE7FD, 0xBF00, 0xBF00, 0x4770]

  @Test func `exceptions are traced from entry to return`() {
    let (bench, pin) = bench(Self.loopAndHandler, vectors: [15: 0x0800_0108], watchpoint: 1 << 16)
    bench.poke(0xE000_E014, 15_999)
    bench.poke(0xE000_E018, 0)
    bench.poke(0xE000_E010, 7)
    go(bench, microseconds: 1_500)
    #expect(pin.bytes == [0x0E, 0x0F, 0x10, 0x0E, 0x0F, 0x20, 0x0E, 0x00, 0x30])
  }

  @Test(arguments: [(0, 64), (3, 256), (15, 1_024)] as [(UInt32, UInt64)])
  func `the program counter is sampled every so many cycles`(reload: UInt32, period: UInt64) {
    let (bench, pin) = bench(Self.loopAndHandler, watchpoint: 1 << 12 | reload << 1 | 1)
    bench.poke(Self.acpr, 0)
    go(bench, microseconds: 640)
    // At 16 Mbaud a sample of five characters takes 50 cycles.
    #expect(abs(pin.bytes.count / 5 - Int(10_240 / period)) <= 1, "\(pin.bytes.count)")
    for sample in stride(from: 0, to: pin.bytes.count - 4, by: 5) {
      #expect(pin.bytes[sample] == 0x17 && pin.bytes[sample + 4] == 0x08, "\(pin.bytes)")
      #expect([0x00, 0x02].contains(pin.bytes[sample + 1]) && pin.bytes[sample + 2] == 0x01)
    }
  }

  @Test func `samples find the core asleep, and POSTCNT alone is an event`() {
    let (bench, pin) = bench([0xBF30, 0xE7FD], watchpoint: 1 << 12 | 1 << 9 | 1)
    go(bench, microseconds: 200)
    #expect(pin.bytes == [0x15, 0, 0x15, 0, 0x15, 0])
    let (other, events) = self.bench(Self.loopAndHandler, watchpoint: 1 << 22 | 1 << 9 | 1)
    go(other, microseconds: 200)
    #expect(events.bytes == [0x05, 0x20, 0x05, 0x20, 0x05, 0x20])
  }

  @Test func `the counters add up to the cycles`() {
    // LDR R2,[R3]; MUL; NOP; PUSH; POP; B: loads, stores and what takes more than a cycle.
    let program: [UInt16] = [0xF04F, 0x5300, 0x681A, 0x4352, 0xBF00, 0xB401, 0xBC01, 0xE7F9]
    let (bench, pin) = bench(program, vectors: [15: 0x0800_0120], watchpoint: 0x3F << 17 | 1)
    bench.programCode([0x4770], at: 0x120)
    bench.poke(0xE000_E014, 999)
    bench.poke(0xE000_E018, 0)
    bench.poke(0xE000_E010, 7)
    bench.poke(Self.dwt, 0x3F << 17 & 0x003E_0000 | 1)
    bench.poke(0xE000_1004, 0)
    let before = bench.core.executedInstructions
    go(bench, microseconds: 500)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    let instructions = bench.core.executedInstructions - before
    let cycles = bench.peek(0xE000_1004) ?? 0
    // Of eight bits each: CPI, exceptions, sleep, loads and stores, folded instructions.
    let counters = (0..<5).map { bench.peek(0xE000_1008 + 4 * $0) ?? 0 }
    let sum = counters[0] &+ counters[1] &+ counters[2] &+ counters[3] &- counters[4]
    #expect((UInt32(truncatingIfNeeded: instructions) &+ sum) & 0xFF == cycles & 0xFF, "\(counters) \(cycles)")
    #expect(counters[4] == 0 && pin.bytes.contains(0x05))
  }

  @Test(
    arguments: [
      (0x1, [0x47], [0x47]), (0x2, [0x87], [0x8F]), (0x3, [0x47, 0x87], [0x47, 0x8F]), (0xC, [0x87], []),
      (0xD, [], [0x8F]), (0xE, [0x47, 0x87], []), (0xF, [], [0x47, 0x8F]), (0x21, [0x4E], [0x4E]),
      (0x22, [0x4E, 0x87], [0x4E, 0x8F]), (0x2D, [], [0x4E, 0x8F]),
    ] as [(UInt32, [UInt8], [UInt8])])
  func `accesses that a comparator matches are traced as its function says`(
    function: UInt32, read: [UInt8], written: [UInt8]
  ) {
    // LDR R1,=0x20000010; LDR R0,[R1]; STR R0,[R1]; B .
    let program: [UInt16] = [0x4902, 0x6808, 0x6008, 0xE7FE, 0xBF00, 0xBF00, 0x0010, 0x2000]
    let (bench, pin) = bench(program)
    _ = bench.write(0x2000_0010, 0x1234_5678, .word, by: .debugger)
    bench.poke(0xE000_1020, 0x2000_0010)
    bench.poke(0xE000_1028, function)
    go(bench, microseconds: 200)
    func parts(_ headers: [UInt8], _ instruction: UInt8) -> [UInt8] {
      headers.flatMap { header -> [UInt8] in
        switch header {
        case 0x47: [0x47, instruction, 0x01, 0x00, 0x08]
        case 0x4E: [0x4E, 0x10, 0x00]
        default: [header, 0x78, 0x56, 0x34, 0x12]
        }
      }
    }
    #expect(pin.bytes == parts(read, 0x02) + parts(written, 0x04), "\(pin.bytes)")
    #expect((bench.peek(0xE000_1028) ?? 0) & 1 << 24 != 0, "MATCHED")
  }

  @Test func `what does not find room in the DWT's queue is an overflow`() {
    let (bench, pin) = bench(Self.loopAndHandler, watchpoint: 1 << 12 | 1)
    go(bench, microseconds: 300)
    #expect(pin.bytes.contains(0x70) && pin.bytes[0] == 0x17)
  }
}
