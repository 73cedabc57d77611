import LinkInterface
import Testing
import Trace

@testable import stflash

/// `--record` and `--replay` on whole command lines.
struct RecordingTests {
  private let desk = SimulatedDesk()
  private static let firmware = SimulatedDesk.fixture("firmware/blink.srec")

  private func record(_ line: String, to file: String = "s.pcapng", options: String = "") -> CommandLineBench.Outcome {
    desk.run("--sim nucleo-f207zg --record @\(file) \(options) \(line)")
  }

  @Test(arguments: [
    "write FIRMWARE", "write FIRMWARE --width 8", "info", "erase --sector 1", "reset", "read --area option",
    "write FIRMWARE --connect-under-reset",
  ])
  func `a replay prints what the recorded session printed`(line: String) {
    let words = line.replacing("FIRMWARE", with: RecordingTests.firmware)
    let recorded = record(words)
    let replayed = desk.run("--replay @s.pcapng \(words)")
    #expect(recorded.status == .success)
    #expect(replayed == recorded)
  }

  @Test func `a replay of a failure fails in the same way`() {
    let recorded = record("verify \(RecordingTests.firmware)")
    #expect(recorded.status == .verify)
    #expect(desk.run("--replay @s.pcapng verify \(RecordingTests.firmware)") == recorded)
  }

  @Test func `a byte that differs from the recording is a mismatch with its place`() throws {
    var firmware = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin"))
    try desk.directory.write("a.bin", firmware)
    firmware[100] ^= 0x50
    try desk.directory.write("b.bin", firmware)
    #expect(record("write @a.bin 0x08000000").status == .success)
    let outcome = desk.run("--replay @s.pcapng write @b.bin 0x08000000")
    #expect(outcome.status == .trace)
    #expect(outcome.error.contains("expected 0x05, got 0x55"))
  }

  @Test func `a session that ends before its recording is a mismatch`() {
    _ = record("write \(RecordingTests.firmware)")
    let outcome = desk.run("--replay @s.pcapng info")
    #expect(outcome.status == .trace)
  }

  @Test func `a lenient replay answers what is asked in another order`() {
    _ = record("read @b.bin 0x08000000 16")
    let outcome = desk.run("--replay @s.pcapng --replay-lenient info")
    #expect(outcome.status == .success)
    #expect(outcome.output.contains("STM32F205/207/215/217"))
  }

  @Test func `the file's head tells the tool, the command without paths, the simulation and the chip`() throws {
    _ = record("write \(RecordingTests.firmware)")
    let session = try Capture.read(desk.read("s.pcapng")).session
    #expect(session.value("command") == "--sim nucleo-f207zg --record s.pcapng write blink.srec")
    #expect(session.value("simulated") == "nucleo-f207zg")
    #expect(session.value("firmware") == "V2J37M27")
    #expect(session.value("chip") == "STM32F205/207/215/217")
    #expect(session.startTime == .zero)
  }

  @Test func `a redacted recording holds neither serial nor file names, and replays`() throws {
    let recorded = record("write \(RecordingTests.firmware)", options: "--record-redact")
    let bytes = try desk.read("s.pcapng")
    let session = try Capture.read(bytes).session
    let serial = "064BFF343339415043114433"
    #expect(recorded.error.contains(serial))
    #expect(session.identity?.serial?.text == String(repeating: "0", count: 24))
    #expect(session.value("command") == "write --sim --record --record-redact")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("blink.srec"))
    #expect(!String(decoding: bytes, as: UTF8.self).contains(desk.directory.path))
    #expect(desk.run("--replay @s.pcapng write \(RecordingTests.firmware)").status == .success)
  }

  @Test(arguments: [
    "write FIRMWARE", "verify FIRMWARE", "read @secret.bin 0x08000000 64", "erase --sector 1", "reset", "info", "list",
    "diagnose", "unprotect --sectors",
  ])
  func `a redacted recording of any command holds neither serial nor file names`(line: String) throws {
    let firmware = try desk.directory.write("secret.srec", FileSystem().read(RecordingTests.firmware))
    let words = line.replacing("FIRMWARE", with: firmware)
    let state = "--sim-state @secret.state --sim-fault serial-garbled"
    _ = record(words, options: "--record-redact \(state)")
    _ = record(words, to: "t.pcapng", options: "--record-redact")
    for name in ["s.pcapng", "t.pcapng"] {
      let bytes = try desk.read(name)
      let text = String(decoding: bytes, as: UTF8.self)
      let narrow = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
      #expect(try Capture.read(bytes).session.exchanges.count > 5)
      for word in ["secret", "064BFF343339415043114433", "064bff343339415043114433", desk.directory.path] {
        #expect(!text.contains(word) && !narrow.contains(word), "\(word) in \(name)")
      }
      let serial = try Capture.read(bytes).session.exchanges.first { $0.request == .controlIn(.stringDescriptor(3)) }
      #expect(try #require(serial).incomingBytes.dropFirst(2).allSatisfy { $0 == 0x30 || $0 == 0 }, "\(name)")
    }
  }

  @Test(arguments: [
    (["--serial=06", "-s064BFF", "info"], "info --serial -s"),
    (
      ["--sim", "x", "--sim-state", "/home/me/s", "trace", "--device", "1:2", "show", "f"],
      "trace show --sim --sim-state --device"
    ),
    (["sim", "run", "--", "tool", "--key=x", "-f/home/me"], "sim run"),
    (["read", "mine.bin", "--sim", "x"], "read --sim"),
  ])
  func `a redacted command line keeps only names that are ours`(arguments: [String], line: String) {
    #expect(RecordingFile.commandLine(arguments, isRedacted: true) == line)
  }

  @Test func `transfers end at their own times, not all at the end of their batch`() throws {
    _ = record("info")
    let exchanges = try Capture.read(desk.read("s.pcapng")).session.exchanges
    let pairs = zip(exchanges, exchanges.dropFirst()).filter { $0.0.submitted == $0.1.submitted }
    #expect(pairs.count > 10)
    for (command, reply) in pairs {
      #expect(try #require(command.completed) < #require(reply.completed))
    }
  }

  @Test func `a recording that cannot be written fails after the work is done`() {
    let outcome = desk.run("--sim nucleo-f207zg --record /dev/full write \(RecordingTests.firmware)")
    #expect(outcome.status == .file)
    #expect(outcome.error.contains("the session itself went on"))
  }

  @Test func `an empty file is no recording`() throws {
    try desk.directory.write("empty.pcapng", [])
    let outcome = desk.run("--replay @empty.pcapng info")
    #expect(outcome.status == .file)
    #expect(outcome.error.contains("the file is empty"))
  }

  @Test(arguments: [
    "--sim nucleo-f207zg --replay a info", "--replay a --serial 06 info", "--record-redact info",
    "--replay-lenient info", "--replay a --replay-mask nonsense info", "--replay a --record a info",
  ])
  func `options that make no sense together are refused`(line: String) {
    #expect(desk.run(line).status == .usage)
  }
}
