import Basics
import Engine
import Foundation
import SimProbe

/// How much a program can say: semihosting calls and RTT bytes a second at the pace of the simulated hardware, beside what
/// is aimed at, and a semihosting call through OpenOCD on the same simulated board, by the clock of the machine.
enum VoicesBenchmark {
  /// A probe, and the least calls and KiB a second.
  private static let probes: [(name: String, calls: Double, kibibytes: Double)] = [
    ("v2-1", 250, 100), ("v3", 500, 200),
  ]
  private static let board = "nucleo-f446re"
  private static let program = "firmware/tests/voices.elf"
  /// The largest share of OpenOCD's time for a call.
  private static let openOCDLimit = 0.5

  static func run() throws {
    print("voices                  a second    least  ratio")
    var tooSlow: [String] = []
    func show(_ name: String, _ found: Double, _ least: Double) {
      print(
        TableRow.text([
          (name, 24), ("\(Int(found.rounded()))", 12), ("\(Int(least))", 7), (hundredths(found / least), 0),
        ]))
      if found < least { tooSlow.append(name) }
    }
    for probe in probes {
      let short = try seconds("calls 100 done", probe.name)
      let calls = 400 / (try seconds("calls 500 done", probe.name) - short)
      show("\(probe.name), calls", calls, probe.calls)
      let begun = try seconds("listen flood 16 done", probe.name)
      show("\(probe.name), RTT KiB", 128 / (try seconds("listen flood 144 done", probe.name) - begun), probe.kibibytes)
    }
    try compareWithOpenOCD(&tooSlow)
    guard tooSlow.isEmpty else {
      throw BenchmarkFailure(text: "slower than it may be: \(tooSlow.joined(separator: "; "))")
    }
  }

  /// The simulated seconds that the program runs.
  private static func seconds(_ commandLine: String, _ probe: String) throws -> Double {
    var configuration = SimulationConfiguration(target: board)
    configuration.probeProfile = probe
    let simulation = try Simulation(configuration)
    let elf = [UInt8](try Data(contentsOf: URL(filePath: program)))
    let image = try FirmwareImage.read(elf, name: program, ImageReadingOptions())
    let session = TargetSession(probe: simulation.probe)
    defer { session.close() }
    try session.open()
    try session.execute(try session.plan(writing: image, isToBeExecuted: true))
    var options = RunOptions()
    options.semihosting = NoFiles()
    options.commandLine = commandLine
    if let block = try ProgramSymbols(elf: elf).symbol(named: "_SEGGER_RTT") {
      options.rtt = RTTOptions(.address(block.address), makesProgramWait: true)
    }
    let report = try session.run(options, leaving: { _ in .halted }, told: { _ in })
    guard case .exited = report.end else { throw BenchmarkFailure(text: "\(commandLine): \(report.end)") }
    return report.duration / .seconds(1)
  }

  private static func compareWithOpenOCD(_ tooSlow: inout [String]) throws {
    let environment = ProcessInfo.processInfo.environment
    guard let stflash = environment["STFLASH"] else {
      print("skipped: OpenOCD beside it; STFLASH names no program: run this with scripts/bench voices")
      return
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard folders.contains(where: { FileManager.default.isExecutableFile(atPath: "\($0)/openocd") }) else {
      print("skipped: OpenOCD beside it is not installed")
      return
    }
    let state = FileManager.default.temporaryDirectory.appending(path: "voices-\(getpid()).sim").path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let simulator = ["--quiet", "--sim", board, "--sim-state", state]
    _ = try wallSeconds(stflash, simulator + ["write", program], status: 0)
    func openOCD(_ calls: Int) throws -> Double {
      let commands = [
        "reset_config srst_only srst_nogate connect_assert_srst", "gdb_port disabled", "tcl_port disabled",
        "telnet_port disabled", "init", "reset halt", "arm semihosting enable",
        "arm semihosting_cmdline calls,\(calls),exit,3", "resume", "sleep 60000",
      ]
      return try wallSeconds(
        stflash,
        simulator + ["sim", "run", "--", "openocd", "-f", "interface/stlink.cfg", "-f", "target/stm32f4x.cfg"]
          + commands.flatMap { ["-c", $0] }, status: 3)
    }
    func own(_ calls: Int) throws -> Double {
      try wallSeconds(
        stflash, simulator + ["--sim-pace", "realtime", "run", program, "--args", "calls,\(calls),exit,3"], status: 3)
    }
    let (other, ours) = ((try openOCD(120) - openOCD(20)) / 100, (try own(120) - own(20)) / 100)
    let ratio = ours / other
    print(
      "a call: \(hundredths(ours * 1000)) ms, through OpenOCD \(hundredths(other * 1000)) ms, "
        + "ratio \(hundredths(ratio)), limit \(hundredths(openOCDLimit))")
    if ratio > openOCDLimit { tooSlow.append("a call beside OpenOCD's") }
  }

  private static func wallSeconds(_ program: String, _ arguments: [String], status expected: Int32) throws -> Double {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    (process.standardInput, process.standardOutput, process.standardError) = (
      FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice
    )
    let started = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == expected else {
      throw BenchmarkFailure(text: "\(program) \(arguments) ended with \(process.terminationStatus)")
    }
    return (ContinuousClock.now - started) / .seconds(1)
  }

  private static func hundredths(_ value: Double) -> String {
    let number = Int((value * 100).rounded())
    let digits = String(number % 100)
    return "\(number / 100).\(digits.count == 1 ? "0" : "")\(digits)"
  }
}

/// A host that has no files and no input.
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
