import SimProbe
import TestSupport
import Testing

@testable import stflash

/// The main job on a simulated board, as a user types it.
struct MainJobTests {
  private let desk = SimulatedDesk()

  @Test(arguments: [
    "blink.elf", "blink.hex", "blink.srec", "blink.bin 0x08000000", "--format binary blink.bin 0x08000000",
  ])
  func `every format is written, verified and read back the same`(firmware: String) throws {
    let line = firmware.split(separator: " ").map {
      $0.hasPrefix("blink") ? SimulatedDesk.fixture("firmware/\($0)") : String($0)
    }
    .joined(separator: " ")
    let binary = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin"))
    #expect(desk.run("--sim nucleo-f207zg --sim-state @b.sim write \(line)").status == .success)
    #expect(desk.run("--sim nucleo-f207zg --sim-state @b.sim verify \(line)").status == .success)
    #expect(
      desk.run("--sim nucleo-f207zg --sim-state @b.sim read @back.bin 0x08000000 \(binary.count)").status == .success)
    #expect(try desk.read("back.bin") == binary)
    #expect(desk.directory.names == ["b.sim", "back.bin"])
  }

  @Test func `what the image does not mention survives, and a second firmware stands beside the first`() throws {
    let first = SeededGenerator.content(20_000, seed: 11)
    let second = SeededGenerator.content(5000, seed: 18)
    try desk.directory.write("first.bin", first)
    try desk.directory.write("second.bin", second)
    #expect(desk.run("--sim stm32f407vg --sim-state @s write @first.bin 0x08000000").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s write @second.bin 0x08001000").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s read @all.bin 0x08000000 20000").status == .success)
    #expect(try desk.read("all.bin") == Array(first[..<4096] + second + first[9096...]), "seeds 11 and 18")
  }

  @Test func `a file goes through hex and srec unchanged`() throws {
    let bytes = SeededGenerator.content(3000, seed: 12)
    try desk.directory.write("a.bin", bytes)
    #expect(desk.run("--sim stm32f401re --sim-state @s write @a.bin 0x08004000").status == .success)
    for name in ["a.hex", "a.srec"] {
      #expect(desk.run("--sim stm32f401re --sim-state @s read @\(name) 0x08004000 3000").status == .success)
      #expect(desk.run("--sim stm32f401re --sim-state @s verify @\(name)").status == .success)
    }
    #expect(desk.run("--sim stm32f401re --sim-state @s --format ihex read @b.txt 0x08004000 3000").status == .success)
    #expect(try desk.read("b.txt") == desk.read("a.hex"))
  }

  @Test func `erase takes exactly what it is told`() throws {
    try desk.directory.write("a.bin", [UInt8](repeating: 0x55, count: 48 * 1024))
    let chip = "--sim stm32f401rb --sim-state @s"
    #expect(desk.run("\(chip) write --as-is @a.bin 0x08000000").status == .success)
    #expect(desk.run("\(chip) erase 0x08004000 16k").status == .success)
    #expect(desk.run("\(chip) read @b.bin 0x08000000 48k").status == .success)
    let kept = [UInt8](repeating: 0x55, count: 16 * 1024)
    let erased = [UInt8](repeating: 0xFF, count: 16 * 1024)
    #expect(try desk.read("b.bin") == kept + erased + kept)
    #expect(desk.run("\(chip) erase --sector 2").status == .success)
    #expect(desk.run("\(chip) read @b.bin 0x08000000 48k").status == .success)
    #expect(try desk.read("b.bin") == kept + erased + erased)
    #expect(desk.run("\(chip) erase").status == .success)
    #expect(desk.run("\(chip) read @b.bin 0x08000000 48k").status == .success)
    #expect(try desk.read("b.bin") == erased + erased + erased)
  }

  @Test func `a plan touches nothing`() throws {
    try desk.directory.write("a.bin", SeededGenerator.content(1000, seed: 19))
    #expect(desk.run("--sim stm32f405rg --sim-state @s write @a.bin 0x08000000").status == .success)
    let before = try desk.read("s")
    for line in ["write --plan @a.bin 0x08004000", "erase --plan", "write --plan --erase-all @a.bin 0x08000000"] {
      let outcome = desk.run("--sim stm32f405rg --sim-state @s \(line)")
      #expect(outcome.status == .success)
      #expect(outcome.output.hasSuffix("\nnothing was touched\n"))
    }
    #expect(try desk.read("s") == before)
  }

  @Test func `what is equal is left alone, compared and started anew`() throws {
    let firmware = try FileSystem().read(SimulatedDesk.fixture("firmware/hello.bin"))
    try desk.directory.write("a.bin", firmware)
    let sim = "--sim stm32f405rg --sim-state @s"
    #expect(desk.run("\(sim) write @a.bin 0x08000000").status == .success)
    for option in ["", " --skip-equal", " --reset", " --no-loader", " --no-keep"] {
      let outcome = desk.run("\(sim) --json write\(option) @a.bin 0x08000000")
      #expect(outcome.status == .success)
      #expect(outcome.output.contains("\"erasedSectors\":[],\"equalSectors\":[0]"), "\(option): \(outcome.output)")
      // SYSRESETREQ with its key.
      let traffic = desk.run("\(sim) -vv write\(option) @a.bin 0x08000000").error
      #expect(traffic.contains("04 00 fa 05"), "\(option): \(traffic)")
    }
    #expect(desk.run("\(sim) write @a.bin 0x08000000").output.contains("holds a.bin already, nothing was written"))
    for option in ["--rewrite", "--erase-all"] {
      let outcome = desk.run("\(sim) --json write \(option) @a.bin 0x08000000")
      #expect(outcome.output.contains("\"equalSectors\":[]"), "\(option): \(outcome.output)")
      #expect(!outcome.output.contains("\"programmedBytes\":0,"), "\(option): \(outcome.output)")
    }
    // A change in one sector leaves the others, but for the one with the vector table.
    try desk.directory.write("big.bin", firmware + [UInt8](repeating: 0x5A, count: 0xA000))
    #expect(desk.run("\(sim) write @big.bin 0x08000000").status == .success)
    try desk.directory.write("big.bin", firmware + [UInt8](repeating: 0x5A, count: 0x9FFF) + [0x5B])
    let outcome = desk.run("\(sim) write @big.bin 0x08000000")
    #expect(outcome.output.contains("verified, 1 equal sector left alone,"), "\(outcome.output)")
  }

  @Test func `opt leaves out the erased bytes at the end`() throws {
    try desk.directory.write("a.bin", [1, 2, 3] + [UInt8](repeating: 0xFF, count: 100_000))
    let outcome = desk.run("--sim stm32f405rg --opt write @a.bin 0x08004000")
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("wrote a.bin, 3 bytes, "))
    try desk.directory.write("e.bin", [UInt8](repeating: 0xFF, count: 100))
    #expect(desk.run("--sim stm32f405rg --opt write @e.bin 0x08000000").status == .file)
  }

  @Test func `a write without verification is said loudly`() throws {
    try desk.directory.write("a.bin", [1, 2, 3, 4])
    let outcome = desk.run("--sim stm32f405rg write --no-verify @a.bin 0x08000000")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("warning: --no-verify: nobody will know"))
    #expect(outcome.output.contains("not verified"))
  }

  @Test func `quiet says nothing when all is well`() throws {
    let firmware = SimulatedDesk.fixture("firmware/blink.srec")
    let outcome = desk.run("--sim nucleo-f207zg -q write \(firmware)")
    #expect(outcome == CommandLineBench.Outcome(status: .success, output: "", error: ""))
  }

  @Test func `the same command takes the same simulated time`() throws {
    try desk.directory.write("a.bin", SeededGenerator.content(10_000, seed: 13))
    let first = desk.run("--sim stm32f411re --json write @a.bin 0x08000000")
    #expect(first.status == .success)
    #expect(desk.run("--sim stm32f411re --json write @a.bin 0x08000000") == first)
    #expect(first.error == "")
  }

  @Test func `areas are read by name`() throws {
    for (area, count) in [("otp", 528), ("system", 30_720), ("option", 16)] {
      #expect(desk.run("--sim stm32f207zg --area \(area) read @x.bin").status == .success, "\(area)")
      #expect(try desk.read("x.bin").count == count)
    }
    #expect(desk.run("--sim stm32f207zg --area=optcr read").output == "OPTCR  0x0FFF_AAED\n")
    #expect(desk.run("--sim stm32f207zg --area option read").output.hasPrefix("OPTCR  0x0FFF_AAED\n0x1FFF_C000  0x"))
    #expect(desk.run("--sim stm32f207zg --area optcr1 read").status == .usage)
    #expect(desk.run("--sim stm32f207zg --area ccm read @x.bin").status == .usage)
  }

  @Test func `a reset leaves the core running or halted as asked`() {
    let running = desk.run("--sim stm32f207zg --json reset")
    #expect(running.status == .success)
    #expect(running.output.contains("\"event\":\"reset\",\"halted\":false"))
    let halted = desk.run("--sim stm32f207zg --json reset --halt")
    #expect(halted.status == .success)
    #expect(halted.output.contains("{\"event\":\"closed\",\"core\":\"halted"))
  }

  @Test func `a clock that the probe does not make is rounded down and said`() {
    let outcome = desk.run("--sim stm32f207zg --freq 2M info")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("warning: SWD clock is 1.8 MHz, the nearest below, instead of 2 MHz"))
  }

  @Test(arguments: ["v2", "v2-1", "v3"])
  func `every kind of probe does it`(probe: String) throws {
    try desk.directory.write("a.bin", SeededGenerator.content(5000, seed: 14))
    #expect(desk.run("--sim stm32f429zi --sim-probe \(probe) write @a.bin 0x08000000").status == .success)
  }

  @Test func `every board takes a firmware`() throws {
    for board in Simulation.boards {
      let outcome = desk.run("--sim \(board.name) write \(SimulatedDesk.fixture("firmware/blink.hex"))")
      #expect(outcome.status == .success, "\(board.name): \(outcome.error)")
    }
  }

  @Test func `a firmware may begin in the middle of a row and end at an odd address`() throws {
    var generator = SeededGenerator(seed: 15)
    let bytes = generator.bytes(1001)
    try desk.directory.write("a.bin", bytes)
    #expect(desk.run("--sim stm32f446re --sim-state @s write @a.bin 0x08000004").status == .success)
    #expect(desk.run("--sim stm32f446re --sim-state @s read @b.bin 0x08000004 1001").status == .success)
    #expect(try desk.read("b.bin") == bytes, "seed 15")
  }

  @Test(arguments: ["--connect-under-reset", "--hot-plug", "--connect-normal"])
  func `every way to reach the target leads to a written chip`(way: String) throws {
    try desk.directory.write("a.bin", SeededGenerator.content(500, seed: 16))
    #expect(desk.run("--sim stm32f411re \(way) write @a.bin 0x08000000").status == .success)
  }

  @Test func `a terminal gets a bar in place, and the messages above it`() throws {
    var desk = desk
    desk.bench.terminal = Console.Terminal(columns: { 60 }, usesColour: false)
    try desk.directory.write("a.bin", SeededGenerator.content(12_000, seed: 17))
    let outcome = desk.run("--sim stm32f407vg write @a.bin 0x08000000")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("\rprogramming [-"))
    #expect(outcome.error.contains("#] 100 %  "))
    #expect(outcome.error.contains("\r\u{1B}[Kprogramming 12,000 bytes in "))
    #expect(!outcome.output.contains("\u{1B}"))
  }

  @Test func `a simulated probe is listed with the others`() {
    let outcome = desk.run("--sim nucleo-f207zg list")
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("simulated  0483:374b  "))
  }

  @Test func `everything that can be simulated is listed`() {
    let outcome = desk.run("sim list")
    #expect(outcome.status == .success)
    #expect(outcome.output.contains("\n  nucleo-f207zg     stm32f207zg  v2-1  NUCLEO-F207ZG\n"))
    #expect(desk.run("--json sim list").output.contains("\"name\":\"stm32f429zi\""))
  }

  @Test func `every USB transfer is shown at the highest verbosity`() {
    let outcome = desk.run("--sim stm32f207zg -vv info")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("trace: endpoint 1 out (16) f1 00"))
  }
}

extension SeededGenerator {
  /// Bytes to fill a file with, which begin as a program does.
  static func content(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return [0, 0x10, 0, 0x20, 0x41, 0, 0, 8] + generator.bytes(count - 8)
  }
}
