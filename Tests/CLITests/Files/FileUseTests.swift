import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that one command names twice would lose one of its two contents.
struct FileUseTests {
  private let desk = SimulatedDesk()

  /// Every pair of files that a command takes and that may not be the same; `1` and `2` stand for them.
  private static let pairs = [
    "--sim stm32f407vg --sim-state 1 read 2 0x08000000 16",
    "--sim stm32f407vg --record 1 read 2 0x08000000 16",
    "--sim stm32f407vg --record 1 --sim-state 2 info",
    "--sim stm32f407vg --record 1 list --sim-state 2",
    "--sim stm32f407vg --record 1 write 2 0x08000000",
    "--sim stm32f407vg --sim-state 1 write 2 0x08000000",
    "--sim stm32f407vg --record 1 verify 2 0x08000000",
    "--sim stm32f407vg --sim-state 1 verify 2 0x08000000",
    "--replay 1 --record 2 info",
    "--replay 1 read 2 0x08000000 16",
    "--sim stm32f407vg --sim-state 1 diagnose --report 2",
    "--sim stm32f407vg --record 1 diagnose --report 2",
    "--sim stm32f407vg --sim-state 1 --record 2 erase --all",
    "--sim stm32f407vg --sim-state 1 --record 2 reset",
    "--sim stm32f407vg --sim-state 1 --record 2 unprotect --sectors",
    "trace show 1 --timeline 2",
    "sim serve --tcp 0 --sim stm32f407vg --sim stm32f407vg --sim-state 1 --sim-state 2",
    "sim serve --tcp 0 --sim stm32f407vg --sim-state 1 --record 2",
    "sim run --sim stm32f407vg --sim stm32f407vg --record 1 --record 2 -- true",
    "sim attach --sim stm32f407vg --sim-state 1 --record 2",
  ]

  @Test(arguments: pairs) func `one file under two names is refused, and stays`(line: String) throws {
    let content: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    try desk.directory.write("file", content)
    try #require(symlink("file", desk.directory.file("soft")) == 0)
    try #require(link(desk.directory.file("file"), desk.directory.file("hard")) == 0)
    for (first, second) in [("@file", "@file"), ("@soft", "@hard")] {
      let names = ["1": first, "2": second]
      let outcome = desk.run(
        line.split(separator: " ").map { names[String($0)] ?? $0[...].description }.joined(separator: " "))
      #expect(outcome.status == .usage, "\(outcome.screen)")
      #expect(outcome.error.contains("name the same file"))
      #expect(try desk.read("file") == content)
    }
    #expect(desk.directory.names == ["file", "hard", "soft"])
  }

  @Test func `one file that is not there yet is one file, too`() throws {
    try #require(symlink("new", desk.directory.file("link")) == 0)
    for names in ["@new --sim-state @new", "@link --sim-state @new", "@new --sim-state @link"] {
      let outcome = desk.run("--sim stm32f407vg read --record \(names) @other 0x08000000 16")
      #expect(outcome.status == .usage)
    }
    #expect(desk.directory.names == ["link"])
  }

  @Test func `a file that is only read may be named twice, and the null device always`() throws {
    #expect(desk.run("--sim stm32f407vg --record @t info").status == .success)
    #expect(desk.run("trace diff @t @t").status == .success)
    #expect(desk.run("--sim stm32f407vg --record /dev/null read /dev/null 0x08000000 16").status == .success)
  }

  @Test func `a stream is no state`() {
    #expect(desk.run("--sim stm32f407vg --sim-state - info").status == .usage)
  }

  @Test func `what goes to standard output as a file goes there alone`() async {
    await #expect(processExitsWith: .exitCode(42), observing: [\.standardOutputContent]) {
      let bench = CommandLineBench()
      let outcome = bench.run("--sim stm32f407vg read - 0x08000000 8")
      exit(outcome.status == .success && outcome.output.isEmpty && outcome.error.contains("read 8 bytes") ? 42 : 1)
    }
    let outcome = desk.run("--sim stm32f407vg --json read - 0x08000000 8")
    #expect(outcome.status == .usage)
  }
}
