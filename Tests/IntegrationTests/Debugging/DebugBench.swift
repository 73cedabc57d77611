import TestSupport
import Testing

@testable import DebugServer
@testable import Engine
@testable import SimProbe

/// A simulated chip with firmware/tests/debuggee.elf in it, a debugger on it, and a GDB that says what a test has it say.
final class DebugBench {
  let bench: SimulatedBench
  let session: TargetSession
  let debugger: Debugger
  private(set) var server: GDBServer
  let symbols: ProgramSymbols

  private(set) var packets: [String] = []
  private(set) var console = ""
  private(set) var log: [String] = []

  init(
    _ target: String = "stm32f407vg", probe: String = "v2-1", isBlank: Bool = false,
    _ configure: (inout DebuggerOptions) -> Void = { _ in }
  ) throws {
    bench = try SimulatedBench(target) { $0.probeProfile = probe }
    let elf = try PackageFiles.bytes("Tests/Fixtures/firmware/debuggee.elf")
    symbols = try ProgramSymbols(elf: elf)
    if !isBlank {
      let image = try FirmwareImage.read(elf, name: "debuggee.elf", ImageReadingOptions())
      for segment in image.segments where segment.address >= 0x0800_0000 && segment.address < 0x0810_0000 {
        bench.setCells(at: Int(segment.address - 0x0800_0000), segment.bytes)
      }
      bench.pulseReset()
    }
    session = TargetSession(probe: bench.probe())
    try session.open()
    var options = DebuggerOptions()
    options.files = NoFiles()
    options.symbols = symbols
    configure(&options)
    let relay = Relay()
    debugger = try session.startDebugging(options) { relay.told($0) }
    server = GDBServer(debugger, session, send: { _ in }, log: { _ in })
    relay.told = { [weak self] in self?.server.tell($0) }
    connect()
  }

  private final class Relay {
    var told: (DebuggerEvent) -> Void = { _ in }
  }

  private final class NoFiles: SemihostingFiles {
    func open(_ name: String, _ mode: SemihostingFileMode) throws(SemihostingFileError) -> any SemihostingFile {
      throw .denied
    }
    func remove(_ name: String) throws(SemihostingFileError) { throw .denied }
    func rename(_ name: String, to other: String) throws(SemihostingFileError) { throw .denied }
    func readInput(atMost byteCount: Int, isAwaited: Bool) -> [UInt8]? { [] }
    let isInputTerminal = false
    let secondsSince1970: UInt32 = 0
  }

  /// Another GDB.
  func connect() {
    server = GDBServer(debugger, session, send: { [unowned self] in take($0) }) { [unowned self] entry in
      switch entry {
      case .work(let text), .failure(let text): log.append(text)
      }
    }
  }

  private var reader = PacketReader(limit: 0x1_0000)

  private func take(_ bytes: [UInt8]) {
    for byte in bytes {
      guard case .packet(let payload)? = reader.take(byte) else { continue }
      let text = String(decoding: payload, as: UTF8.self)
      // Behind an O stands hexadecimal; OK is an answer.
      if payload.first == UInt8(ascii: "O"), text != "OK", let bytes = RemotePacket.bytes(ofHex: payload.dropFirst()) {
        console += String(decoding: bytes, as: UTF8.self)
      } else {
        packets.append(text)
      }
    }
  }

  /// Says something, and hands the answer out; nil for none.
  @discardableResult
  func ask(_ payload: [UInt8]) throws -> String? {
    let count = packets.count
    try server.receive(RemotePacket.framed(payload))
    return packets.count > count ? packets[count...].last : nil
  }

  @discardableResult
  func ask(_ payload: String) throws -> String? { try ask(Array(payload.utf8)) }

  /// Says something after which the program runs, and waits for it to stop, so much of the chip's time at the most.
  func resume(_ payload: String = "vCont;c", within limit: Duration = .seconds(2)) throws -> String? {
    let count = packets.count
    let end = debugger.now + limit
    try server.receive(RemotePacket.framed(Array(payload.utf8)))
    while packets.count == count, debugger.now < end { try server.poll() }
    return packets.count > count ? packets[count...].last : nil
  }

  /// Presses Ctrl-C after the program has run for a while.
  func interrupt(after time: Duration = .milliseconds(50)) throws -> String? {
    let end = debugger.now + time
    while debugger.now < end { try server.poll() }
    let count = packets.count
    try server.receive([3])
    return packets.count > count ? packets.last : nil
  }

  /// What `monitor` shows.
  func monitor(_ line: String) throws -> String {
    console = ""
    let answer = try ask("qRcmd," + String(decoding: RemotePacket.hex(of: Array(line.utf8)), as: UTF8.self))
    #expect(answer == "OK")
    return console
  }

  /// The address of a function or a variable, without the Thumb bit.
  func address(_ name: String) throws -> UInt32 { try #require(symbols.symbol(named: name)).address & ~1 }

  func hex(_ name: String) throws -> String { String(try address(name), radix: 16) }

  /// A word of the chip, as GDB reads it.
  func word(_ address: UInt32) throws -> UInt32 {
    let text = try #require(try ask("m\(String(address, radix: 16)),4"))
    let bytes = try #require(RemotePacket.bytes(ofHex: Array(text.utf8)))
    return try #require(bytes.count == 4 ? bytes : nil).enumerated().reduce(0) {
      $0 | UInt32($1.element) << (8 * $1.offset)
    }
  }

  func set(_ name: String, _ value: UInt32) throws {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    let digits = String(decoding: RemotePacket.hex(of: bytes), as: UTF8.self)
    #expect(try ask("M\(try hex(name)),4:\(digits)") == "OK")
  }

  var programCounter: UInt32 {
    get throws { try debugger.image().programCounter }
  }

  /// A word of the chip, looked at behind everybody's back.
  func word(behindEverybody address: UInt32) -> UInt32 {
    let answer = bench.simulation.board.chip.bus.read(address, .word, by: .debugger)
    guard case .done(let value, _) = answer else { return 0 }
    return value
  }

  /// What of a debugger's is in the chip.
  var remains: [String] {
    var remains: [String] = []
    if word(behindEverybody: 0xE000_EDF0) & 0xF != 0 { remains.append("DHCSR") }
    if word(behindEverybody: 0xE000_EDFC) & 0x7F1 != 0 { remains.append("DEMCR") }
    for index in 0..<8 where word(behindEverybody: 0xE000_2008 + 4 * UInt32(index)) & 1 != 0 {
      remains.append("FP_COMP\(index)")
    }
    return remains
  }
}
