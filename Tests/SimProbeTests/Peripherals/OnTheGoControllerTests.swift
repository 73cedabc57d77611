import Testing

@testable import SimProbe

/// The registers and FIFOs of OTG FS, as software and a host see them (RM0090, 34).
@Suite struct OnTheGoControllerTests {
  /// A core that is connected, has its clock, and is set up for endpoint 0 and one more.
  private func core(_ facts: OnTheGoFacts = .first) -> OnTheGoController {
    let core = OnTheGoController(facts)
    core.isConnected = { true }
    core.hasBusVoltage = true
    core.clockChanged(to: 48_000_000, now: 0)
    write(core, 0x38, 1 << 16 | (facts.hasSessionOverride ? 1 << 21 : 1 << 19))
    write(core, 0x804, 0)
    write(core, 0x24, 32)
    write(core, 0x28, 16 << 16 | 32)
    write(core, 0x104, 32 << 16 | 48)
    write(core, 0x81C, 0x000F_000F)
    write(core, 0x810, 0x7B)
    write(core, 0x814, 0x1B)
    return core
  }

  private func write(_ core: OnTheGoController, _ offset: UInt32, _ value: UInt32) {
    #expect(core.write(offset, value, .word, now: 0))
  }

  private func read(_ core: OnTheGoController, _ offset: UInt32) -> UInt32 { core.read(offset, .word, now: 0) ?? 0 }

  private static let enable: UInt32 = 1 << 31 | 1 << 26
  private static let bulk: UInt32 = 2 << 18 | 1 << 15 | 64

  @Test func `SETUP fills the receive FIFO, and its end is told by the packet behind it`() {
    let core = core()
    write(core, 0xB10, 3 << 29 | 1 << 19 | 64)
    #expect(core.setup([0x80, 6, 0, 1, 0, 0, 18, 0], at: 0) == .acknowledge)
    #expect(read(core, 0x14) & 1 << 4 != 0)
    #expect(read(core, 0xB10) >> 29 == 2)
    // PKTSTS 6, eight bytes, endpoint 0; then the two words.
    #expect(read(core, 0x1C) & 0x1F_FFFF == 6 << 17 | 8 << 4)
    #expect(read(core, 0x20) & 0x1F_FFFF == 6 << 17 | 8 << 4)
    #expect(read(core, 0x1000) == 0x0100_0680)
    #expect(read(core, 0x1000) == 0x0012_0000)
    #expect(read(core, 0x14) & 1 << 4 == 0)
    #expect(core.input(from: 0, at: 0) == .notReady)
    #expect(read(core, 0xB08) & 1 << 3 == 0)
    #expect(read(core, 0x20) >> 17 & 0xF == 4)
    #expect(read(core, 0xB08) & 1 << 3 != 0)
    #expect(read(core, 0x818) == 1 << 16)
    #expect(read(core, 0x14) & 1 << 19 != 0)
    write(core, 0xB08, 1 << 3)
    #expect(read(core, 0x818) == 0)
  }

  @Test func `a transfer from an IN endpoint counts down, and tells that it is complete`() {
    let core = core()
    write(core, 0x920, Self.bulk | 1 << 22)
    write(core, 0x930, 2 << 19 | 70)
    #expect(core.input(from: 1, at: 0) == .notReady)
    write(core, 0x920, Self.bulk | 1 << 22 | Self.enable)
    // A token that finds the FIFO empty (ITTXFE).
    #expect(core.input(from: 1, at: 0) == .notReady)
    #expect(read(core, 0x928) & 1 << 4 != 0)
    for word in 0..<18 as Range<UInt32> { write(core, 0x2000, word) }
    #expect(read(core, 0x938) == 14)
    #expect(read(core, 0x930) == 2 << 19)
    let first = (0..<16 as Range<UInt8>).flatMap { [$0, 0, 0, 0] as [UInt8] }
    #expect(core.input(from: 1, at: 0) == .data(first, isData1: false))
    #expect(read(core, 0x930) == 1 << 19)
    #expect(core.input(from: 1, at: 0) == .data([16, 0, 0, 0, 17, 0], isData1: true))
    #expect(read(core, 0x928) & 1 != 0)
    #expect(read(core, 0x920) & 1 << 31 == 0)
    #expect(core.input(from: 1, at: 0) == .notReady)
    // An empty packet.
    write(core, 0x930, 1 << 19)
    write(core, 0x920, Self.bulk | 1 << 22 | Self.enable)
    #expect(core.input(from: 1, at: 0) == .data([], isData1: false))
  }

  @Test func `TXFE follows the FIFO by TXFELVL, and asks by its own mask`() {
    let core = core()
    write(core, 0x920, Self.bulk | 1 << 22)
    write(core, 0x930, 2 << 19 | 128)
    #expect(read(core, 0x928) & 1 << 7 != 0)
    #expect(read(core, 0x818) == 0)
    write(core, 0x834, 1 << 1)
    #expect(read(core, 0x818) == 1 << 1)
    for word in 0..<16 as Range<UInt32> { write(core, 0x2000, word) }
    #expect(read(core, 0x928) & 1 << 7 != 0)
    write(core, 0x2000, 0)
    #expect(read(core, 0x928) & 1 << 7 == 0)
    write(core, 0x10, 1 << 5 | 1 << 6)
    #expect(read(core, 0x938) == 32)
    write(core, 0x08, 1 << 7)
    write(core, 0x2000, 0)
    #expect(read(core, 0x928) & 1 << 7 == 0)
  }

  @Test func `an OUT endpoint takes what it is armed for, NAKs what follows, and drops a repetition`() {
    let core = core()
    let bytes = [UInt8](repeating: 7, count: 64)
    #expect(core.output(bytes, isData1: false, to: 1, at: 0) == .silence)
    write(core, 0xB20, Self.bulk)
    #expect(core.output(bytes, isData1: false, to: 1, at: 0) == .notReady)
    #expect(read(core, 0xB28) & 1 << 4 != 0)
    write(core, 0xB30, 1 << 19 | 64)
    write(core, 0xB20, Self.bulk | Self.enable)
    #expect(core.output(bytes, isData1: true, to: 1, at: 0) == .acknowledge)
    #expect(read(core, 0x14) & 1 << 4 == 0)
    #expect(core.output(bytes, isData1: false, to: 1, at: 0) == .acknowledge)
    #expect(core.output(bytes, isData1: true, to: 1, at: 0) == .notReady)
    #expect(read(core, 0x20) & 0x1F_FFFF == 2 << 17 | 64 << 4 | 1)
    for _ in 0..<16 { #expect(read(core, 0x1000) == 0x0707_0707) }
    #expect(read(core, 0xB28) & 1 == 0)
    #expect(read(core, 0x20) >> 17 & 0xF == 3)
    #expect(read(core, 0xB28) & 1 != 0)
    write(core, 0xB20, Self.bulk | 1 << 21)
    #expect(core.output(bytes, isData1: true, to: 1, at: 0) == .stall)
  }

  @Test func `a receive FIFO without room refuses data, and lets SETUP go unanswered`() {
    let core = core()
    write(core, 0x24, 18)
    write(core, 0xB20, Self.bulk)
    write(core, 0xB30, 4 << 19 | 256)
    write(core, 0xB20, Self.bulk | Self.enable)
    let bytes = [UInt8](repeating: 1, count: 64)
    #expect(core.output(bytes, isData1: false, to: 1, at: 0) == .acknowledge)
    #expect(core.output(bytes, isData1: true, to: 1, at: 0) == .notReady)
    #expect(core.setup([UInt8](repeating: 0, count: 8), at: 0) == .silence)
    write(core, 0x10, 1 << 4)
    #expect(core.setup([UInt8](repeating: 0, count: 8), at: 0) == .acknowledge)
  }

  @Test func `an address counts from the end of the request that brings it, and a reset takes it away`() {
    let core = core()
    #expect(core.setup([0, 5, 9, 0, 0, 0, 0, 0], at: 0) == .acknowledge)
    _ = core.input(from: 0, at: 0)
    write(core, 0x800, 9 << 4 | 3)
    write(core, 0x910, 1 << 19)
    write(core, 0x900, Self.enable)
    #expect(core.input(from: 0, at: 9) == .silence)
    #expect(core.input(from: 0, at: 0) == .data([], isData1: true))
    #expect(core.input(from: 0, at: 0) == .silence)
    #expect(core.input(from: 0, at: 9) == .notReady)
    core.beginReset()
    core.endReset()
    #expect(read(core, 0x800) & 0x7F0 == 0)
    #expect(read(core, 0x14) & (1 << 12 | 1 << 13) == 1 << 12 | 1 << 13)
    #expect(read(core, 0x808) & 0b110 == 0b110)
    write(core, 0x14, 1 << 12)
    #expect(read(core, 0x14) & 1 << 12 == 0)
  }

  @Test func `global NAKs take effect at once, and disabling an endpoint is told`() {
    let core = core()
    write(core, 0x804, 1 << 9)
    #expect(read(core, 0x14) & 1 << 7 != 0)
    #expect(read(core, 0x804) == 1 << 3)
    write(core, 0x804, 1 << 10)
    #expect(read(core, 0x14) & 1 << 7 == 0)
    write(core, 0x920, Self.bulk | Self.enable)
    write(core, 0x920, Self.bulk | 1 << 27)
    #expect(read(core, 0x928) & 1 << 6 != 0)
    write(core, 0x920, Self.bulk | 1 << 30)
    #expect(read(core, 0x928) & 1 << 1 != 0)
    #expect(read(core, 0x920) & 1 << 31 == 0)
  }

  @Test func `what makes a session differs between the two cores`() {
    let first = core()
    first.hasBusVoltage = false
    #expect(!first.isPulledUp)
    write(first, 0x38, 1 << 16 | 1 << 21)
    #expect(first.isPulledUp)
    #expect(read(first, 0x3C) == 0x1200)
    let second = core(.second)
    #expect(second.isPulledUp)
    second.isBusVoltageWired = false
    #expect(!second.isPulledUp)
    write(second, 0x38, 1 << 16)
    #expect(!second.isPulledUp)
    write(second, 0x00, 1 << 6 | 1 << 7)
    #expect(second.isPulledUp)
    #expect(read(second, 0x3C) == 0x2000)
    #expect(second.inputs.count == 6)
  }

  @Test func `the interrupt is the flags under two masks`() {
    let core = core()
    core.startFrame(5)
    #expect(!core.interrupt.isHigh)
    write(core, 0x18, 1 << 3)
    #expect(!core.interrupt.isHigh)
    write(core, 0x08, 1)
    #expect(core.interrupt.isHigh)
    #expect(read(core, 0x808) >> 8 == 5)
    write(core, 0x14, 1 << 3)
    #expect(!core.interrupt.isHigh)
  }

  @Test func `bytes and halfwords are no accesses to it`() {
    #expect(core().read(0x14, .byte, now: 0) == nil)
    #expect(!core().write(0x18, 1, .halfword, now: 0))
  }
}
