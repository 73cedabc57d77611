import DebugServer
import Engine
import Foundation
import LinkInterface
import SimProbe

/// What debugging over GDB's protocol costs at the pace of the simulated hardware: a step with all that GDB asks for behind it,
/// a line that loops, a mebibyte loaded beside the same written, memory beside the link's own rate.
enum DebugBenchmark {
  private static let board = "stm32f407vg"
  private static let program = "firmware/tests/debuggee.elf"
  /// The most milliseconds of a step, by probe.
  private static let probes = [(name: "v2-1", step: 5.5), (name: "v3", step: 3.0)]
  private static let loadLimit = 1.05
  private static let readLimit = 1.15
  /// The loop's own time is the program's; this many milliseconds more are the debugger's.
  private static let lineLimit = 40.0

  static func run() throws {
    print("debugging                     found    limit")
    var tooSlow: [String] = []
    func show(_ name: String, _ found: Double, _ limit: Double) {
      print(TableRow.text([(name, 30), (hundredths(found), 9), (hundredths(limit), 0)]))
      if found > limit { tooSlow.append(name) }
    }
    for probe in probes {
      let gdb = try Talker(board, probe.name, program)
      show("\(probe.name), ms a step", try step(gdb), probe.step)
      show("\(probe.name), ms over a loop", try line(gdb), lineLimit)
      show("\(probe.name), memory / link", try reading(gdb), readLimit)
      let (load, write) = try loading(probe.name)
      show("\(probe.name), load / write, 1 MiB", load / write, loadLimit)
    }
    guard tooSlow.isEmpty else {
      throw BenchmarkFailure(text: "slower than it may be: \(tooSlow.joined(separator: "; "))")
    }
  }

  /// The milliseconds of `stepi`: the step, the registers, and what GDB 13 reads around the program counter and of the stack.
  private static func step(_ gdb: Talker) throws -> Double {
    let count = 100
    let started = gdb.now
    for _ in 0..<count {
      try gdb.resume("vCont;s:1")
      let image = try gdb.debugger.image()
      let (counter, stack) = (image.programCounter, image.stackPointer)
      try gdb.ask("g")
      for offset in [0, 4, 8] as [UInt32] { try gdb.ask("m\(String(counter &- offset, radix: 16)),4") }
      for offset in [0, 2, 4] as [UInt32] { try gdb.ask("m\(String(counter &- offset, radix: 16)),2") }
      for offset in [0, 4, 8, 12] as [UInt32] { try gdb.ask("m\(String(stack &+ offset, radix: 16)),4") }
    }
    return (gdb.now - started) / .milliseconds(count)
  }

  /// The milliseconds that a line of 20,000 rounds takes longer than the program needs for it.
  private static func line(_ gdb: Talker) throws -> Double {
    let symbols = try ProgramSymbols(elf: [UInt8](try Data(contentsOf: URL(filePath: program))))
    guard let function = symbols.symbol(named: "count_long"), let command = symbols.symbol(named: "command") else {
      throw BenchmarkFailure(text: "\(program) has other symbols")
    }
    let start = function.address & ~1
    try gdb.ask("M\(String(command.address, radix: 16)),4:0c000000")
    func time(_ body: () throws -> Void) throws -> Double {
      let place = String(start, radix: 16)
      try gdb.ask("Z1,\(place),2")
      try gdb.resume("vCont;c")
      try gdb.ask("z1,\(place),2")
      let started = gdb.now
      try body()
      return (gdb.now - started) / .milliseconds(1)
    }
    let end = String(start + 0x1C, radix: 16)
    let alone = try time {
      try gdb.ask("Z1,\(end),2")
      try gdb.resume("vCont;c")
      try gdb.ask("z1,\(end),2")
    }
    let stepped = try time { try gdb.resume("vCont;r\(String(start, radix: 16)),\(end):1") }
    return max(0, stepped - alone)
  }

  /// 64 KiB by GDB's packets, as a share of what the link takes for them.
  private static func reading(_ gdb: Talker) throws -> Double {
    let started = gdb.now
    for place in stride(from: UInt32(0x2000_0000), to: 0x2001_0000, by: 0x1000) {
      try gdb.ask("m\(String(place, radix: 16)),1000")
    }
    let byPackets = gdb.now - started
    let before = gdb.now
    _ = try gdb.session.read(address: 0x2000_0000, byteCount: 0x1_0000)
    return byPackets / (gdb.now - before)
  }

  /// The seconds of `load`, and of the same written.
  private static func loading(_ probe: String) throws -> (load: Double, write: Double) {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var state: UInt32 = 1
    for index in bytes.indices {
      state = state &* 1_664_525 &+ 1_013_904_223
      bytes[index] = UInt8(truncatingIfNeeded: state >> 24)
    }
    bytes.replaceSubrange(0..<8, with: [0x00, 0x10, 0x00, 0x20, 0x41, 0x00, 0x00, 0x08])
    let gdb = try Talker(board, probe, nil)
    let started = gdb.now
    try gdb.ask("vFlashErase:08000000,00100000")
    for start in stride(from: 0, to: bytes.count, by: 0x3000) {
      let head = Array("vFlashWrite:\(String(0x0800_0000 + start, radix: 16)):".utf8)
      try gdb.ask(head + escaped(bytes[start..<min(start + 0x3000, bytes.count)]))
    }
    guard try gdb.ask("vFlashDone") == "OK" else { throw BenchmarkFailure(text: "load has failed") }
    let load = (gdb.now - started) / .seconds(1)
    let other = try Talker(board, probe, nil, attaches: false)
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) else {
      throw BenchmarkFailure(text: "no image")
    }
    let before = other.now
    try other.session.execute(try other.session.plan(writing: image, isToBeExecuted: true))
    return (load, (other.now - before) / .seconds(1))
  }

  private static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.flatMap { [0x23, 0x24, 0x2A, 0x7D].contains($0) ? [0x7D, $0 ^ 0x20] : [$0] }
  }

  private static func hundredths(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// A GDB on a simulated board, that says what it is told to.
private final class Talker {
  let session: TargetSession
  let debugger: Debugger
  private var server: GDBServer?
  private var answers: [String] = []

  init(_ board: String, _ probe: String, _ program: String?, attaches: Bool = true) throws {
    var configuration = SimulationConfiguration(target: board)
    configuration.probeProfile = probe
    let simulation = try Simulation(configuration)
    session = TargetSession(probe: simulation.probe)
    try session.open()
    if let program {
      let elf = [UInt8](try Data(contentsOf: URL(filePath: program)))
      let image = try FirmwareImage.read(elf, name: program, ImageReadingOptions())
      let pieces = image.segments.filter { $0.address >= 0x0800_0000 && $0.address < 0x0810_0000 }
      try session.execute(try session.plan(writing: FirmwareImage(joining: pieces), isToBeExecuted: true))
    }
    debugger = try session.startDebugging(DebuggerOptions()) { _ in }
    server = GDBServer(debugger, session, send: { [unowned self] in take($0) }, log: { _ in })
    guard attaches else { return }
    if program != nil { try debugger.reset(runs: false) }
    try ask("?")
  }

  var now: Duration { debugger.now }

  private func take(_ bytes: [UInt8]) {
    guard bytes.first == UInt8(ascii: "$") else { return }
    answers.append(String(decoding: bytes.dropFirst().dropLast(3), as: UTF8.self))
  }

  @discardableResult
  func ask(_ payload: [UInt8]) throws -> String {
    let sum = payload.reduce(UInt8(0)) { $0 &+ $1 }
    answers = []
    try server?.receive([UInt8(ascii: "$")] + payload + Array(String(format: "#%02x", sum).utf8))
    return answers.last ?? ""
  }

  @discardableResult
  func ask(_ payload: String) throws -> String { try ask(Array(payload.utf8)) }

  func resume(_ payload: String) throws {
    try ask(payload)
    while answers.isEmpty { try server?.poll() }
  }
}
