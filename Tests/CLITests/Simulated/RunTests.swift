import Engine
import LinkInterface
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `run` and `attach` on a program of ours with every voice (firmware/tests/voices.c).
struct RunTests {
  private let desk = SimulatedDesk()
  private static let board = "--sim nucleo-f446re"
  private static let program = SimulatedDesk.fixture("firmware/voices.elf")

  /// Runs the program with a command line of its own.
  private func run(_ program: String, _ options: String = "", in desk: SimulatedDesk? = nil) -> CommandLineBench.Outcome
  {
    (desk ?? self.desk).run(
      "\(Self.board) run \(Self.program) \(options)".split(separator: " ").map(String.init) + ["--args", program])
  }

  /// The same with something to read.
  private func desk(typing text: String) throws -> SimulatedDesk {
    var desk = SimulatedDesk()
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    _ = Array(text.utf8).withUnsafeBytes { SystemCalls.system.write(ends[1], $0) }
    closeEnd(ends[1])
    desk.bench.files.standardInput = ends[0]
    return desk
  }

  private func closeEnd(_ descriptor: Int32) { _ = close(descriptor) }

  @Test(arguments: ["v2-1", "v3"])
  func `a program is heard by all of its voices and ends with its own exit code`(probe: String) {
    let outcome = run("say exit 3", "--sim-probe \(probe)")
    #expect(outcome.status.rawValue == 3)
    for line in [
      "semihosting | hello by semihosting", "rtt:0       | hello by RTT", "serial      | hello by USART2",
      "the program ended with exit code 3",
    ] { #expect(outcome.output.contains(line), "\(outcome.screen)") }
  }

  @Test(
    arguments: [
      ("done", 0, ""), ("exit 0", 0, ""), ("exit 255", 255, "exit code 255"),
      ("exit 256", 255, "(256, which a shell takes for 255)"), ("abort", 1, "run-time error"),
      ("fault", 77, "a bus error at a data access at 0x6000_0000 (CFSR.PRECISERR)"),
      ("undefined", 77, "an undefined instruction (CFSR.UNDEFINSTR)"), ("lockup", 77, "CFSR.STKERR"),
      ("break", 79, "the program stopped at 0x0800_"), ("reset", 78, "by its program"),
      ("watchdog wait", 78, "by the independent watchdog"), ("wait", 74, "has not ended within 1.00 s"),
      ("strange done", 0, "answer to 0x50: 1"), ("strange done", 0, "errno 14"), ("calls 20 done", 0, ""),
    ] as [(String, Int32, String)])
  func `every way to end has an exit code and a sentence`(program: String, status: Int32, words: String) {
    let outcome = run(program, "--timeout 1s")
    #expect(outcome.status.rawValue == status, "\(outcome.screen)")
    #expect(words.isEmpty || outcome.screen.contains(words), "\(outcome.screen)")
  }

  @Test func `a fault is told to programs with every register`() throws {
    let outcome = run("fault", "--json")
    #expect(outcome.status == .faulted)
    let line = try #require(outcome.output.split(separator: "\n").first { $0.contains("\"event\":\"ran\"") })
    for part in [
      #""end":"faulted""#, #""handler":"HardFault""#, #""address":1610612736"#,
      #""frame":[{"name":"r0","value":1610612736}"#,
      #"{"name":"CFSR","value":33280}"#,
    ] { #expect(line.contains(part), "\(line)") }
  }

  @Test func `a fault is told with its line and the functions that led to it`() {
    let outcome = run("fault")
    #expect(outcome.error.contains("(load_from, voices.c:"), "\(outcome.error)")
    for part in ["-- interrupted by HardFault --", "obey (inlined) at voices.c:", "main at voices.c:"] {
      #expect(outcome.error.contains(part), "\(outcome.error)")
    }
    let stuck = run("wait", "--timeout 200ms")
    #expect(stuck.error.contains("it is at 0x0800_"))
    #expect(stuck.error.contains("(obey, voices.c:") && stuck.error.contains(", asleep"), "\(stuck.error)")
  }

  @Test(arguments: ["v2", "v2-1", "v3"])
  func `SWO is heard where it is asked for, with exceptions and a profile`(probe: String) throws {
    let words = run("say exit 0", "--sim-probe \(probe) --swo")
    #expect(words.output.contains("swo:0       | hello by ITM"), "\(words.screen)")
    #expect(!run("say exit 0", "--sim-probe \(probe)").output.contains("ITM"))
    let ticks = desk.run(
      "\(Self.board) --sim-probe \(probe) run \(Self.program) --swo --swo-exceptions --swo-profile --until tick.5 --swo-raw "
        + desk.directory.file("swo"))
    #expect(ticks.status == .success)
    for part in ["exception   | entered SysTick", "where the program was, in ", "  asleep"] {
      #expect(ticks.output.contains(part), "\(ticks.output)")
    }
    #expect(try !desk.read("swo").isEmpty)
    let timed = run("say exit 0", "--sim-probe \(probe) --swo --swo-timestamps")
    #expect(timed.output.contains("swo:0       | [0.0"), "\(timed.output)")
  }

  @Test func `a text ends a run, and one that means failure comes first`() {
    #expect(run("listen count 9 wait", "--until line\\s[78]").status == .success)
    let failed = run("listen count 9 wait", "--until line --fail-on line.0$")
    #expect(failed.status == .saidFailure)
    #expect(failed.error.contains("rtt:0: RTT line 0"))
    // What is no expression is looked for as it stands.
    #expect(run("say wait", "--until (hello --until hello[ --timeout 1s").status == .timeout)
  }

  @Test func `a reset that is meant goes on`() {
    let outcome = run("say reset", "--on-reset continue --timeout 300ms")
    #expect(outcome.status == .timeout)
    #expect(outcome.error.contains("warning: the chip was reset: by its program"))
    #expect(outcome.output.split(separator: "\n").count { $0.contains("hello by semihosting") } > 1)
  }

  @Test func `files are used only where a directory is named, and only below it`() throws {
    let refused = run("files done")
    #expect(refused.output.contains("semihosting | no file"))
    #expect(refused.error.contains("--semihosting-dir DIRECTORY lets it use files"))
    let folder = desk.directory.path
    let allowed = run("files done", "--semihosting-dir \(folder)")
    #expect(allowed.output.contains("semihosting | length 12\nsemihosting | bytes\n"), "\(allowed.screen)")
    #expect(try desk.read("out.txt") == Array("twelve bytes".utf8))
    let readOnly = run("files done", "--semihosting-dir \(folder) --semihosting-read-only")
    #expect(readOnly.output.contains("semihosting | no file"))
    #expect(run("done", "--semihosting-dir \(folder)/nowhere").status == .file)
  }

  @Test func `what is typed reaches the program that asks for it, and its end too`() throws {
    #expect(run("input done", in: try desk(typing: "typed\n")).output.contains("semihosting | typed"))
    #expect(run("input done", in: try desk(typing: "")).output.contains("semihosting | end of input"))
    #expect(run("input done", "--input none").output.contains("semihosting | end of input"))
    let rtt = run("rttecho done", "--input rtt", in: try desk(typing: "by the down channel\n"))
    #expect(rtt.output.contains("rtt:0       | by the down channel"), "\(rtt.screen)")
  }

  @Test func `no byte of RTT is lost, as lines and in a file`() throws {
    let lines = run("listen count 200 done")
    #expect(lines.output.split(separator: "\n").count { $0.contains("| RTT line ") } == 200)
    let raw = run("listen count 200 done", "--rtt-raw 0=\(desk.directory.file("log"))")
    #expect(raw.status == .success && !raw.output.contains("RTT line"))
    let expected = (0..<200).map { "RTT line \($0)\n" }.joined()
    #expect(String(decoding: try desk.read("log"), as: UTF8.self) == expected)
    let plain = run("listen count 20 done", "--plain --quiet")
    #expect(plain.output.hasPrefix("RTT line 0\nRTT line 1\n"))
  }

  @Test func `a program that runs is listened to and goes on as it was`() {
    let state = "\(Self.board) --sim-state @s --sim-on-for 50ms"
    #expect(desk.run("\(state) write \(Self.program)").status == .success)
    let outcome = desk.run("\(state) attach --until tick.9")
    #expect(outcome.status == .success, "\(outcome.screen)")
    #expect(outcome.output.contains("serial      | tick "))
    let symbols = desk.run("\(state) attach \(Self.program) --timeout 100ms --no-semihosting --no-catch --tty off")
    #expect(symbols.status == .timeout)
    #expect(symbols.output.contains("rtt:0       | tick ") && !symbols.output.contains("serial"))
  }

  @Test func `a run can be stopped, and leaves the chip as asked`() throws {
    for (option, state) in [
      ("run", "the core runs and does not answer\n"), ("halt", "halted"), ("reset", "after a reset"),
    ] {
      var desk = SimulatedDesk()
      let interruption = Interruption()
      desk.bench.interruption = interruption
      desk.bench.outputObserver = { if $0.contains("hello by USART2") { interruption.request() } }
      let outcome = run("say wait", "-v --then \(option)", in: desk)
      #expect(outcome.status == .interrupted)
      #expect(outcome.error.contains("stopped on request after"))
      #expect(outcome.error.contains(state), "\(option): \(outcome.error)")
    }
  }

  @Test(arguments: [
    "--port sim run @f.bin", "run @f.bin --rtt off --rtt-raw 0=@x", "run @f.bin --rtt-raw 0=@x --rtt-raw 0=@y",
    "run @f.bin --timeout 0s", "run @f.bin --rtt nowhere",
  ])
  func `what makes no sense is refused before anything is touched`(line: String) throws {
    try desk.directory.write("f.bin", [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7])
    #expect(desk.run("--sim stm32f407vg \(line)").status == .usage)
  }

  @Test func `tests of embedded-test run one by one, and are told as Rust's test programs tell them`() {
    let tests = SimulatedDesk.fixture("firmware/embedded-tests.elf")
    let all = desk.run("\(Self.board) run \(tests)")
    #expect(all.status.rawValue == 101)
    for line in [
      "running 7 tests", "test tests::passes ... ok", "test tests::fails ... FAILED", "test tests::hangs ... FAILED",
      "test tests::panics_as_it_should ... ok", "  it did not panic, which it should have",
      // A fault is no panic that somebody has meant.
      "test tests::faults ... FAILED", "test tests::is_left_out ... ignored", "semihosting | a test says something",
      "test result: FAILED. 2 passed; 4 failed; 1 ignored; 0 measured; 0 filtered out;",
    ] { #expect(all.output.contains(line), "\(all.output)") }
    let chosen = desk.run("\(Self.board) run \(tests) tests::p --skip vain")
    #expect(chosen.status == .success)
    #expect(chosen.output.contains("2 passed; 0 failed; 0 ignored; 0 measured; 5 filtered out"))
    // Nothing is needed but the file.
    let list = desk.run("run \(tests) --list passes")
    #expect(list.output == "tests::passes: test\n\n1 test, 0 benchmarks\n")
    #expect(desk.run("\(Self.board) run \(Self.program) --exact").status == .usage)
  }

  @Test func `a port that the chip has not is named with those that it has`() {
    let outcome = run("done", "--tty USART9")
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains("it has USART1, USART2"))
    #expect(run("say done", "--tty usart2").output.contains("serial      | hello by USART2"))
    // As on a bench, another rate makes no sense of what comes in.
    #expect(!run("say done", "--tty-baud 9600").output.contains("hello by USART2"))
  }
}
