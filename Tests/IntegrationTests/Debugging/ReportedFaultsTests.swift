import Testing

@testable import DebugServer
@testable import Engine
@testable import SimProbe

/// What users have reported of other debug servers, tried on ours; the number is that of the report.
struct ReportedFaultsTests {
  @Test
  func `peripherals and the core's own registers are in the memory map (pyOCD 230, probe-rs 1867)`() throws {
    let gdb = try DebugBench()
    let map = try #require(try gdb.ask("qXfer:memory-map:read::0,1000"))
    #expect(map.contains(#"type="ram" start="0x40000000" length="0xa0100000""#))
    #expect(try gdb.word(0x4002_3800) != 0)
    #expect(try gdb.word(0xE000_ED00) == 0x410F_C241)
  }

  @Test(arguments: ["mfffffffe,2", "mfffffffa,4", "m30000000,4"])
  func `an address where nothing is has an error and no access (OpenOCD 7)`(packet: String) throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let before = gdb.bench.batchCount
    #expect(try gdb.ask(packet) == "E01")
    #expect(gdb.bench.batchCount == before)
    #expect(try gdb.word(0x0800_0000) == 0x2000_4000)
  }

  @Test
  func `all of the RAM can be read, over the joint of two memories too (stlink 259, BMP 701)`() throws {
    let gdb = try DebugBench("stm32f429zi")
    try gdb.ask("?")
    #expect(try gdb.ask("M2002fffc,4:11223344") == "OK")
    #expect(try gdb.ask("m2002fffc,4") == "11223344")
    #expect(try gdb.ask("m2001bff8,10")?.count == 32)
    #expect(try gdb.ask("m20030000,4") == "E01")
  }

  @Test
  func `C and S are offered, and a signal that comes with them is no reason to hang (BMP 2124)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    #expect(try gdb.ask("vCont?") == "vCont;c;C;s;S;t;r")
    #expect(try gdb.resume("vCont;S0b:1;c") == "T05thread:1;")
    #expect(try gdb.resume("vCont;C05:1;c", within: .milliseconds(50)) == nil)
    #expect(try gdb.interrupt() == "T02thread:1;")
  }

  @Test
  func `interrupts live after stepping (BMP 968)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    for _ in 0..<50 { #expect(try gdb.resume("vCont;s:1") == "T05thread:1;") }
    let before = try gdb.word(try gdb.address("ticks"))
    _ = try gdb.resume(within: .milliseconds(50))
    _ = try gdb.interrupt()
    #expect(try gdb.word(try gdb.address("ticks")) > before + 20)
  }

  /// A tick every 20 cycles: it is due within a few instructions.
  private func setQuickTick(_ gdb: DebugBench) throws {
    _ = try gdb.resume(within: .milliseconds(5))
    _ = try gdb.interrupt()
    #expect(try gdb.ask("Me000e014,4:14000000") == "OK")
    #expect(try gdb.ask("Me000e018,4:00000000") == "OK")
  }

  @Test
  func `no step ends in the tick's handler (renode 175)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try setQuickTick(gdb)
    for _ in 0..<300 {
      _ = try gdb.resume("vCont;s:1")
      #expect(try gdb.debugger.image().exception == 0)
    }
  }

  @Test
  func `with interrupts let in a step may end in the handler`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    #expect(try gdb.monitor("step-interrupts on").contains("are served"))
    try setQuickTick(gdb)
    var exceptions: Set<UInt32> = []
    for _ in 0..<200 where !exceptions.contains(15) {
      _ = try gdb.resume("vCont;s:1")
      exceptions.insert(try gdb.debugger.image().exception)
    }
    #expect(exceptions.contains(15))
  }

  @Test
  func `a step that waits for an interrupt ends all the same (stlink 831, pyOCD 967)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 3)
    for _ in 0..<200 { #expect(try gdb.resume("vCont;s:1") == "T05thread:1;") }
  }

  @Test
  func `a connection that ends while the program runs is a detach (stlink 616)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    #expect(try gdb.ask("Z1,\(try gdb.hex("crash")),2") == "OK")
    _ = try gdb.resume(within: .milliseconds(20))
    gdb.server.end()
    #expect(gdb.remains == [])
    #expect(gdb.debugger.isDetached)
    gdb.connect()
    #expect(try gdb.ask("?") == "T02thread:1;")
  }

  @Test
  func `kill is not answered, run is (stlink 358)`() throws {
    let gdb = try DebugBench()
    #expect(try gdb.ask("!") == "OK")
    try gdb.ask("?")
    #expect(try gdb.ask("k") == nil)
    #expect(try gdb.ask("vRun;") == "T05thread:1;")
    #expect(try gdb.programCounter == (try gdb.address("Reset_Handler")))
    #expect(try gdb.ask("vKill;a410") == "OK")
  }

  @Test
  func `both halves of a word can be marked, and the second stops a core that goes on at it (stlink 655, 174)`() throws
  {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let place = try gdb.address("add")
    for address in [place, place + 2] { #expect(try gdb.ask("Z1,\(String(address, radix: 16)),2") == "OK") }
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(try gdb.programCounter == place)
    // As GDB goes on: the mark out, a step, the mark in, and run.
    try gdb.ask("z1,\(String(place, radix: 16)),2")
    #expect(try gdb.resume("vCont;s:1") == "T05thread:1;")
    try gdb.ask("Z1,\(String(place, radix: 16)),2")
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(try gdb.programCounter == place + 2)
  }

  @Test
  func `a step onto itself is a step (BMP 1883)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let place = try gdb.address("Fault_Handler")
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: place >> ($0 * 8)) }
    #expect(try gdb.ask("Pf=" + String(decoding: RemotePacket.hex(of: bytes), as: UTF8.self)) == "OK")
    for _ in 0..<3 {
      #expect(try gdb.resume("vCont;s:1") == "T05thread:1;")
      #expect(try gdb.programCounter == place)
    }
  }

  /// What GDB sends for `load`.
  private func load(_ gdb: DebugBench, _ bytes: [UInt8], at address: UInt32) throws -> String? {
    let end = (address + UInt32(bytes.count) + 0x3FFF) & ~0x3FFF
    let start = address & ~0x3FFF
    #expect(try gdb.ask("vFlashErase:\(String(start, radix: 16)),\(String(end - start, radix: 16))") == "OK")
    let head = Array("vFlashWrite:\(String(address, radix: 16)):".utf8)
    #expect(try gdb.ask(head + RemotePacket.escaped(bytes)) == "OK")
    return try gdb.ask("vFlashDone")
  }

  @Test
  func `load works a second time, with an odd end and in the middle of a sector (pyOCD 125, BMP 259, probe-rs 4152)`()
    throws
  {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let neighbour = gdb.bench.cells(0x3F0..<0x4000)
    for seed in [UInt8(1), 2] {
      let bytes = (0..<1013).map { UInt8(truncatingIfNeeded: $0 &* 7) &+ seed }
      #expect(try load(gdb, bytes, at: 0x0800_4005) == "OK")
      #expect(gdb.bench.cells(0x4005..<0x4005 + 1013) == bytes)
    }
    // GDB erases whole sectors and writes a part: what stood in the rest stays.
    #expect(try load(gdb, [1, 2, 3], at: 0x0800_0200) == "OK")
    #expect(gdb.bench.cells(0x3F0..<0x4000) == neighbour)
  }

  @Test
  func `what load has written to RAM is there when the flash is done (BMP 447)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let words = (0..<256).map { UInt8($0) }
    #expect(try gdb.ask(Array("X20000000,100:".utf8) + RemotePacket.escaped(words)) == "OK")
    #expect(try load(gdb, [UInt8](repeating: 0x5A, count: 600), at: 0x0800_8000) == "OK")
    #expect(try gdb.ask("m20000000,100") == String(decoding: RemotePacket.hex(of: words), as: UTF8.self))
  }

  @Test(arguments: [3, 10] as [UInt32])
  func `a core that sleeps is interrupted and attached to (BMP 250, 973, probe-rs 350, zephyr 115489)`(
    command: UInt32
  ) throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", command)
    #expect(try gdb.resume(within: .milliseconds(50)) == nil)
    #expect(try gdb.interrupt() == "T02thread:1;")
    #expect(try gdb.ask("D") == "OK")
    gdb.bench.simulation.run(for: .milliseconds(20))
    gdb.connect()
    #expect(try gdb.ask("?") == "T02thread:1;")
    #expect(try gdb.word(try gdb.address("command")) == command)
  }

  @Test
  func `a blank chip, which is locked up, is attached to and loaded (probe-rs 3452, 3453, 3799, 2337)`() throws {
    let gdb = try DebugBench(isBlank: true)
    gdb.bench.pulseReset()
    gdb.bench.simulation.run(for: .milliseconds(5))
    #expect(try gdb.ask("?") == "T02thread:1;")
    #expect(try load(gdb, [UInt8](repeating: 0x11, count: 64), at: 0x0800_0000) == "OK")
  }

  @Test
  func `comparators that hold something of somebody else are cleared (probe-rs 1134)`() throws {
    let gdb = try DebugBench()
    for index in 0..<6 {
      _ = gdb.bench.simulation.board.chip.bus.write(0xE000_2008 + 4 * UInt32(index), 0x4800_0101, .word, by: .debugger)
    }
    try gdb.ask("?")
    #expect(gdb.remains.filter { $0.hasPrefix("FP") } == [])
  }

  @Test
  func `no reset catch stays armed (probe-rs 1675)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.monitor("reset halt")
    _ = try gdb.resume(within: .milliseconds(20))
    _ = try gdb.interrupt()
    #expect(try gdb.ask("D") == "OK")
    #expect(gdb.remains == [])
    gdb.bench.pulseReset()
    gdb.bench.simulation.run(for: .milliseconds(50))
    gdb.connect()
    try gdb.ask("?")
    #expect(try gdb.word(try gdb.address("rounds")) > 1)
  }

  @Test
  func `a program that is started at its entry has its own stack and vectors (cortex-debug 1099)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    var image = [UInt8](repeating: 0, count: 256)
    image.replaceSubrange(0..<8, with: [0x00, 0x30, 0x00, 0x20, 0x41, 0x00, 0x01, 0x08])
    #expect(try load(gdb, image, at: 0x0801_0000) == "OK")
    #expect(try gdb.ask("p1a") == "00300020")
    #expect(try gdb.word(0xE000_ED08) == 0x0801_0000)
  }

  @Test
  func `a program without RTT makes no step slower (probe-rs 1497)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.resume("vCont;s:1")
    var before = gdb.bench.batchCount
    _ = try gdb.resume("vCont;s:1")
    let usual = gdb.bench.batchCount - before
    _ = try gdb.monitor("rtt on")
    before = gdb.bench.batchCount
    _ = try gdb.resume("vCont;s:1")
    #expect(gdb.bench.batchCount - before == usual)
  }

  @Test
  func `semihosting is answered, and the program goes on behind the call (stlink 1038)`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 9)
    _ = try gdb.resume(within: .milliseconds(20))
    #expect(try gdb.interrupt() == "T02thread:1;")
    #expect(gdb.console.contains("said by the chip\nsaid by the chip\n"))
    try gdb.set("command", 2)
    #expect(try gdb.resume() == "W03")
  }
}
