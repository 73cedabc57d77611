import Testing

@testable import SimProbe

/// The SW-DP and the AHB-AP, packet by packet (ADIv5.2).
@Suite struct DebugPortTests {
  private let bus = ScriptedBus()

  /// A port that has been switched to SWD, identified and powered up.
  private func readyPort(waits: Bool = false) -> DebugPort {
    let port = DebugPort(accessPort: AHBAccessPort(bus: bus, waitsAfterTransferAddress: waits))
    connect(port)
    _ = port.transfer(.write(.debug, 0x4, 0x5000_0000))
    return port
  }

  private func connect(_ port: DebugPort) {
    port.lineReset()
    port.switchSequence(0xE79E)
    port.lineReset()
    _ = port.transfer(.read(.debug, 0x0))
  }

  /// Sets CSW and TAR.
  private func aim(_ port: DebugPort, _ address: UInt32, csw: UInt32 = 0x2300_0002) {
    _ = port.transfer(.write(.debug, 0x8, 0))
    _ = port.transfer(.write(.access, 0x0, csw))
    _ = port.transfer(.write(.access, 0x4, address))
  }

  private func readAP(_ port: DebugPort, _ register: UInt8, bank: UInt32 = 0, select: UInt32 = 0) -> SWDAnswer {
    _ = port.transfer(.write(.debug, 0x8, select | bank))
    _ = port.transfer(.read(.access, register))
    return port.transfer(.read(.debug, 0xC))
  }

  // MARK: Line

  @Test func `nothing answers before the switch to SWD and a line reset`() {
    let port = DebugPort(accessPort: AHBAccessPort(bus: bus))
    #expect(port.transfer(.read(.debug, 0x0)) == .silence)
    port.lineReset()
    #expect(port.transfer(.read(.debug, 0x0)) == .silence)
    port.switchSequence(0xE79E)
    #expect(port.transfer(.read(.debug, 0x0)) == .silence)
    port.lineReset()
    #expect(port.transfer(.read(.debug, 0x0)) == .ok(0x2BA0_1477))
  }

  @Test func `after a line reset DPIDR has to be read first`() {
    let port = readyPort()
    port.lineReset()
    #expect(port.transfer(.read(.debug, 0x4)) == .silence)
    #expect(port.transfer(.write(.debug, 0x8, 0)) == .silence)
    #expect(port.transfer(.read(.debug, 0x0)) == .ok(0x2BA0_1477))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0000))
  }

  @Test func `the switch to JTAG silences the port`() {
    let port = readyPort()
    port.lineReset()
    port.switchSequence(0xE73C)
    port.lineReset()
    #expect(port.transfer(.read(.debug, 0x0)) == .silence)
  }

  @Test func `another sequence switches nothing`() {
    let port = readyPort()
    port.switchSequence(0x1234)
    #expect(port.transfer(.read(.debug, 0x0)) == .ok(0x2BA0_1477))
  }

  // MARK: Debug port registers

  @Test func `power-up acknowledges follow their requests`() {
    let port = readyPort()
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0000))
    _ = port.transfer(.write(.debug, 0x4, 0x1000_0000))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0x3000_0000))
    _ = port.transfer(.write(.debug, 0x4, 0))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0))
  }

  @Test func `CTRL and STAT read as recorded on silicon after a good read`() {
    let port = readyPort()
    _ = readAP(port, 0xC, bank: 0xF0)
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0040))
  }

  @Test func `the wire control register hides behind SELECT bit 0`() {
    let port = readyPort()
    _ = port.transfer(.write(.debug, 0x8, 1))
    _ = port.transfer(.write(.debug, 0x4, 0x40))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0x40))
    _ = port.transfer(.write(.debug, 0x8, 0))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0000))
  }

  @Test func `RESEND repeats the last read`() {
    let port = readyPort()
    let first = readAP(port, 0xC, bank: 0xF0)
    #expect(port.transfer(.read(.debug, 0x8)) == first)
  }

  @Test func `an access port without debug power faults`() {
    let port = DebugPort(accessPort: AHBAccessPort(bus: bus))
    connect(port)
    #expect(port.transfer(.read(.access, 0xC)) == .fault)
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0x20))
  }

  // MARK: Access port registers

  @Test func `identification registers read as documented`() {
    let port = readyPort()
    #expect(readAP(port, 0xC, bank: 0xF0) == .ok(0x2477_0011))
    #expect(readAP(port, 0x8, bank: 0xF0) == .ok(0xE00F_F003))
    #expect(readAP(port, 0x4, bank: 0xF0) == .ok(0))
  }

  @Test(arguments: [1, 3, 255] as [UInt32])
  func `other access ports read zero and ignore writes`(number: UInt32) {
    let port = readyPort()
    #expect(readAP(port, 0xC, bank: 0xF0, select: number << 24) == .ok(0))
    #expect(port.transfer(.write(.access, 0xC, 1)) == .ok(0))
    #expect(bus.accesses.isEmpty)
  }

  @Test(
    arguments: zip(
      [0x2300_0002, 0x2300_0000, 0x6F00_0040, 0xFFFF_FFFF, 0x2300_0003] as [UInt32],
      [0x2300_0042, 0x2300_0040, 0x2300_0040, 0x2300_0072, 0x2300_0042] as [UInt32]))
  func `CSW keeps the bits that stick`(written: UInt32, read: UInt32) {
    let port = readyPort()
    _ = port.transfer(.write(.debug, 0x8, 0))
    _ = port.transfer(.write(.access, 0x0, written))
    #expect(readAP(port, 0x0) == .ok(read))
  }

  @Test func `reads are posted`() {
    let port = readyPort()
    bus.memory[0x100] = 0x11
    bus.memory[0x104] = 0x22
    aim(port, 0x100, csw: 0x2300_0012)
    _ = port.transfer(.read(.access, 0xC))
    #expect(port.transfer(.read(.access, 0xC)) == .ok(0x11))
    #expect(port.transfer(.read(.debug, 0xC)) == .ok(0x22))
  }

  @Test func `banked data registers address sixteen bytes at TAR`() {
    let port = readyPort()
    aim(port, 0x128)
    _ = port.transfer(.write(.debug, 0x8, 0x10))
    for register in [0x0, 0x4, 0x8, 0xC] as [UInt8] {
      _ = port.transfer(.write(.access, register, UInt32(register)))
    }
    #expect(bus.accesses == ["w4 120 0", "w4 124 4", "w4 128 8", "w4 12c c"])
    #expect(readAP(port, 0x8, bank: 0x10) == .ok(8))
  }

  @Test(arguments: [(UInt32(0x13FC), UInt32(0x1400)), (0x1FFC, 0x1000)])
  func `the address counts up and wraps inside 4 KiB, as OpenOCD's and pyOCD's block accesses need`(
    address: UInt32, expected: UInt32
  ) {
    let port = readyPort()
    aim(port, address, csw: 0x2300_0012)
    _ = port.transfer(.write(.access, 0xC, 1))
    #expect(readAP(port, 0x4) == .ok(expected))
  }

  @Test func `narrow data travel in the byte lanes of their address`() {
    let port = readyPort()
    aim(port, 0x201, csw: 0x2300_0000)
    _ = port.transfer(.write(.access, 0xC, 0x4433_2211))
    #expect(bus.accesses == ["w1 201 22"])
    #expect(readAP(port, 0xC) == .ok(0x2200))
    aim(port, 0x202, csw: 0x2300_0001)
    _ = port.transfer(.write(.access, 0xC, 0x4433_2211))
    #expect(bus.accesses.last == "w2 202 4433")
  }

  @Test func `a packed transfer of bytes fills a word`() {
    let port = readyPort()
    for (index, byte) in [0x11, 0x22, 0x33, 0x44].enumerated() { bus.memory[0x300 + index] = UInt8(byte) }
    aim(port, 0x300, csw: 0x2300_0020)
    #expect(readAP(port, 0xC) == .ok(0x4433_2211))
    #expect(readAP(port, 0x4) == .ok(0x304))
  }

  // MARK: Faults and waits

  @Test func `a bus error shows in the packet after it and stays until it is cleared`() {
    let port = readyPort()
    aim(port, 0x2_0000)
    #expect(port.transfer(.read(.access, 0xC)) == .ok(0))
    #expect(port.transfer(.read(.debug, 0xC)) == .fault)
    #expect(port.transfer(.write(.access, 0x4, 0x100)) == .fault)
    #expect(port.transfer(.write(.debug, 0x8, 0)) == .fault)
    #expect(port.transfer(.read(.debug, 0x0)) == .ok(0x2BA0_1477))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0020))
    _ = port.transfer(.write(.debug, 0x0, 0x4))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0000))
    #expect(port.transfer(.write(.access, 0x4, 0x100)) == .ok(0))
  }

  @Test func `a stalled write is answered WAIT until the bus takes it`() {
    let port = readyPort()
    aim(port, 0x400)
    bus.stalls = 3
    #expect(port.transfer(.write(.access, 0xC, 7)) == .ok(0))
    #expect(port.transfer(.write(.access, 0xC, 8)) == .wait)
    #expect(port.transfer(.read(.debug, 0xC)) == .wait)
    #expect(bus.accesses.isEmpty)
    #expect(port.transfer(.write(.access, 0xC, 8)) == .ok(0))
    #expect(bus.accesses == ["w4 400 7", "w4 400 8"])
  }

  @Test func `while stalled the port still answers DPIDR, CTRL and STAT, and ABORT`() {
    let port = readyPort()
    aim(port, 0x400)
    bus.stalls = 10
    _ = port.transfer(.write(.access, 0xC, 7))
    #expect(port.transfer(.read(.debug, 0x0)) == .ok(0x2BA0_1477))
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0xF000_0000))
    #expect(port.transfer(.write(.debug, 0x0, 0x1)) == .ok(0))
    #expect(port.transfer(.write(.debug, 0x8, 0)) == .ok(0))
    #expect(bus.accesses.isEmpty)
  }

  @Test func `the first access after TAR waits once on parts that do so`() {
    let port = readyPort(waits: true)
    aim(port, 0x400)
    #expect(port.transfer(.read(.access, 0xC)) == .wait)
    #expect(port.transfer(.read(.access, 0xC)) == .ok(0))
    #expect(port.transfer(.read(.access, 0xC)) == .ok(0))
    #expect(bus.accesses.count == 2)
  }

  @Test func `power-up forgets everything`() {
    let port = readyPort()
    aim(port, 0x400)
    port.powerOnReset()
    #expect(port.transfer(.read(.debug, 0x0)) == .silence)
    connect(port)
    #expect(port.transfer(.read(.debug, 0x4)) == .ok(0))
  }
}
