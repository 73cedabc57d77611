import LinkInterface
import TestSupport
import Testing

@testable import DebugServer
@testable import Engine
@testable import SimProbe

/// What the debug server promises: every way in which a chip stops is told, nothing of a debugger is left behind, and no bytes
/// that somebody sends take it down.
struct DebugServerPromiseTests {
  @Test
  func `a chip that is reset stops with the reason, and its breakpoints go on`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 5)
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(gdb.console.contains("IWDGRSTF"))
    #expect(try gdb.programCounter == (try gdb.address("Reset_Handler")))
    #expect(try gdb.ask("Z1,\(try gdb.hex("add")),2") == "OK")
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(try gdb.programCounter == (try gdb.address("add")))
    #expect(try gdb.monitor("stop-at-reset off").contains("goes on"))
    try gdb.ask("z1,\(try gdb.hex("add")),2")
    try gdb.ask("Z1,\(try gdb.hex("count_long")),2")
    try gdb.set("command", 11)
    #expect(try gdb.resume(within: .milliseconds(100)) == nil)
    #expect(gdb.console.contains("its program goes on"))
  }

  @Test
  func `a fault stops where it is caught, with its reason and the words of its registers`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 1)
    #expect(try gdb.resume() == "T0bthread:1;")
    #expect(gdb.console.contains("CFSR.PRECISERR"))
    #expect(try gdb.ask("qXfer:threads:read::0,1000")?.contains("Handler mode, HardFault") ?? false)
  }

  @Test
  func `a core that locks up stops with the reason`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    #expect(try gdb.monitor("catch none").contains("none"))
    try gdb.set("command", 4)
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(gdb.console.contains("locked up"))
  }

  @Test
  func `a supply that fails ends the program, and the next GDB finds the chip again`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.resume(within: .milliseconds(20))
    gdb.bench.setSupply(0)
    let count = gdb.packets.count
    for _ in 0..<5000 where gdb.packets.count == count { try gdb.server.poll() }
    #expect(gdb.packets.last == "X1d")
    #expect(gdb.console.contains("without power"))
    #expect(try gdb.ask("m20000000,4") == "E01")
    gdb.server.end()
    gdb.bench.setSupply(3300)
    gdb.bench.simulation.clock.advance(by: 100_000_000)
    gdb.connect()
    #expect(try gdb.ask("?") == "T02thread:1;")
    #expect(try gdb.word(0x0800_0000) == 0x2000_4000)
  }

  @Test
  func `a load that breaks off is told, the core is not let go, and the next load mends it`() throws {
    var brokenCount = 0
    for offset in [70, 90, 110] {
      let gdb = try DebugBench()
      try gdb.ask("?")
      let before = gdb.bench.cells(0..<0x4000)
      func load() throws -> String? {
        try gdb.ask("vFlashErase:8000000,4000")
        try gdb.ask(Array("vFlashWrite:8000000:".utf8) + [UInt8](repeating: 0x41, count: 3000))
        return try gdb.ask("vFlashDone")
      }
      gdb.bench.mishaps[gdb.bench.batchCount + offset] = .openJumpers
      guard try load() == "E01" else { continue }
      gdb.bench.simulation.board.areJumpersClosed = true
      // The flash holds what it held, or all that was to be written, or nothing runs it.
      let after = gdb.bench.cells(0..<0x4000)
      let written = [UInt8](repeating: 0x41, count: 3000) + before[3000...]
      #expect(gdb.debugger.holdsHalfAProgram || after == before || after == written)
      guard gdb.debugger.holdsHalfAProgram else { continue }
      brokenCount += 1
      #expect(try gdb.ask("vCont;c") == "E01")
      #expect(try load() == "OK")
      #expect(!gdb.debugger.holdsHalfAProgram)
    }
    #expect(brokenCount > 0)
  }

  @Test
  func `a supply that dips is told as a loss of power, not as a reset`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.resume(within: .milliseconds(20))
    gdb.bench.simulation.board.cyclePower()
    let count = gdb.packets.count
    for _ in 0..<5000 where gdb.packets.count == count { try gdb.server.poll() }
    #expect(gdb.packets.last == "X1d")
    #expect(gdb.console.contains("without power"))
  }

  @Test
  func `a probe that is unplugged ends the conversation with an error of the link`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.resume(within: .milliseconds(20))
    gdb.bench.simulation.device.unplug()
    #expect(throws: SessionError.self) {
      for _ in 0..<5000 { try gdb.server.poll() }
    }
    #expect(gdb.packets.last == "X1d")
    gdb.server.end()
  }

  @Test(arguments: [2, 3, 4], [1, 2, 4, 8] as [UInt32])
  func `a watchpoint of every kind and size stops with its address`(kind: Int, byteCount: UInt32) throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    let names: [UInt32: String] = [1: "byte_value", 2: "half_value", 4: "word_value", 8: "long_value"]
    let place = try gdb.hex(try #require(names[byteCount]))
    #expect(try gdb.ask("Z\(kind),\(place),\(byteCount)") == "OK")
    let words = [2: "watch", 3: "rwatch", 4: "awatch"]
    let digits = String(repeating: "0", count: 8 - place.count) + place
    #expect(try gdb.resume() == "T05\(try #require(words[kind])):\(digits);thread:1;")
  }

  @Test
  func `what there is no room for is refused, and what there is room for works`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    for number in 0..<6 { #expect(try gdb.ask("Z1,\(String(0x0800_1000 + 4 * number, radix: 16)),2") == "OK") }
    #expect(try gdb.ask("Z1,8002000,2") == "E01")
    #expect(try gdb.ask("Z1,8001002,2") == "OK")
    for number in 0..<4 { #expect(try gdb.ask("Z2,\(String(0x2000_1000 + 4 * number, radix: 16)),4") == "OK") }
    #expect(try gdb.ask("Z2,20002000,4") == "E01")
    #expect(try gdb.ask("z2,20001000,4") == "OK")
    #expect(try gdb.ask("Z2,20002001,3") == "E01")
    #expect(try gdb.ask("Z2,20002000,4") == "OK")
  }

  @Test
  func `a breakpoint in RAM stops, is not seen in memory, and is gone afterwards`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    _ = try gdb.resume(within: .milliseconds(5))
    _ = try gdb.interrupt()
    let place = try gdb.address("in_ram")
    let before = try gdb.word(place)
    #expect(try gdb.ask("Z0,\(try gdb.hex("in_ram")),2") == "OK")
    #expect(try gdb.resume() == "T05thread:1;")
    #expect(try gdb.programCounter == place)
    #expect(try gdb.word(place) == before)
    #expect(try gdb.ask("D") == "OK")
    #expect(gdb.word(behindEverybody: place) == before)
  }

  @Test
  func `a range is gone through at the core's own pace where it loops`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 12)
    let start = try gdb.address("count_long")
    #expect(try gdb.ask("Z1,\(String(start, radix: 16)),2") == "OK")
    #expect(try gdb.resume() == "T05thread:1;")
    try gdb.ask("z1,\(String(start, radix: 16)),2")
    let batches = gdb.bench.batchCount
    // 20,000 rounds of six instructions.
    let range = "\(String(start, radix: 16)),\(String(start + 0x1C, radix: 16))"
    #expect(try gdb.resume("vCont;r\(range):1;c", within: .seconds(5)) == "T05thread:1;")
    #expect(try gdb.programCounter == start + 0x1C)
    #expect(gdb.bench.batchCount - batches < 400)
  }

  @Test
  func `a line that GDB goes through in pieces is gone through at once when it loops`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    try gdb.set("command", 12)
    let start = try gdb.address("count_long")
    try gdb.ask("Z1,\(String(start, radix: 16)),2")
    _ = try gdb.resume()
    try gdb.ask("z1,\(String(start, radix: 16)),2")
    func piece(_ from: UInt32, _ to: UInt32) throws {
      let range = "\(String(start + from, radix: 16)),\(String(start + to, radix: 16))"
      #expect(try gdb.resume("vCont;r\(range):1;c", within: .seconds(5)) == "T05thread:1;")
      try gdb.ask("g")
      try gdb.ask("m\(String(start, radix: 16)),4")
    }
    // The rows of the line table, as GDB 13 asks for them.
    try piece(0, 0x10)
    try gdb.ask("qXfer:threads:read::0,1000")
    let rows = [(0x10, 0x14), (0x14, 0x16), (0x16, 0x18), (0x18, 0x1A), (0x1A, 0x1C)] as [(UInt32, UInt32)]
    for (from, to) in rows {
      #expect(try gdb.programCounter == start + from)
      try piece(from, to)
    }
    // With the last piece all of the loop is known, and its 20,000 rounds are over.
    #expect(try gdb.programCounter == start + 0x1C)
    // The user is told, and the next line is another one: it does not reach back.
    try gdb.ask("qXfer:threads:read::0,1000")
    try piece(0x1C, 0x1E)
    #expect(try gdb.programCounter == start + 0x1E)
  }

  @Test
  func `a counter that the program has switched on counts on after GDB has gone`() throws {
    let gdb = try DebugBench()
    try gdb.ask("?")
    // As programs do it: TRCENA and CYCCNTENA.
    #expect(try gdb.ask("Me000edfc,4:00000001") == "OK")
    #expect(try gdb.ask("Me0001000,4:01000040") == "OK")
    #expect(try gdb.ask("D") == "OK")
    let first = gdb.word(behindEverybody: 0xE000_1004)
    gdb.bench.simulation.run(for: .milliseconds(1))
    #expect(gdb.word(behindEverybody: 0xE000_1004) != first)
  }

  @Test
  func `a protected chip refuses load, and holds what it held`() throws {
    let gdb = try DebugBench()
    gdb.bench.setOptions(protection: 0x0FFE)
    gdb.server.end()
    gdb.session.close()
    let other = TargetSession(probe: gdb.bench.probe())
    try other.open()
    let debugger = try other.startDebugging(DebuggerOptions()) { _ in }
    var packets: [String] = []
    let server = GDBServer(
      debugger, other, send: { packets.append(String(decoding: $0, as: UTF8.self)) }, log: { _ in })
    for text in ["?", "vFlashErase:8000000,4000", "vFlashWrite:8000000:abcd", "vFlashDone"] {
      try server.receive(RemotePacket.framed(Array(text.utf8)))
    }
    #expect(packets.last == "$E01#a6")
    server.end()
    other.close()
    #expect(gdb.bench.cells(0..<4) == [0x00, 0x40, 0x00, 0x20])
  }

  @Test(arguments: [UInt64(16), 17, 18])
  func `nothing that somebody sends takes the server down or loses an answer`(seed: UInt64) throws {
    print("seed \(seed)")
    let gdb = try DebugBench()
    try gdb.ask("?")
    var random = SeededGenerator(seed: seed)
    let words = [
      "m", "M", "X", "x", "g", "G", "p", "P", "Z0,", "Z1,", "Z2,", "z1,", "vCont;", "vCont?", "vFlashWrite:",
      "vFlashErase:",
      "qXfer:features:read:target.xml:", "qXfer:memory-map:read::", "qRcmd,", "qCRC:", "qSupported:", "H", "T", "F",
      "!",
      "vRun;", "vKill;", "QStart", "8000000,4", "20000000,10:", "ffffffff,ffffffff", ":", ";", ",", "#", "0", "c", "s",
      "$",
    ]
    for _ in 0..<400 {
      var payload: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &random) { payload += Array(words.randomElement(using: &random)!.utf8) }
      if Int.random(in: 0..<3, using: &random) == 0 {
        payload[Int.random(in: 0..<payload.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try gdb.server.receive(RemotePacket.framed(payload))
      if gdb.debugger.isRunning { _ = try gdb.interrupt(after: .milliseconds(1)) }
      if gdb.server.hasEnded { gdb.connect() }
    }
    if gdb.debugger.isDetached { try gdb.ask("?") }
    #expect(try gdb.ask("qC") == "QC1")
    gdb.server.end()
    #expect(gdb.remains == [])
  }
}
