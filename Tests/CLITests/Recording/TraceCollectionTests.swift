import Engine
import SimProbe
import Testing
import Trace

@testable import stflash

/// The recordings of `traces`: each has to be what the program still does.
///
/// A change that is meant to alter the bytes makes them anew: `scripts/record-traces .build/debug/stflash`.
struct TraceCollectionTests {
  /// A row of `traces/sessions.list`.
  struct Row: CustomTestStringConvertible {
    var name: String
    var exitCode: Int32
    var command: [String]

    var testDescription: String { name }

    init?(_ line: Substring) {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 3, words[0] != "#", let code = Int32(words[1]), let colon = words.firstIndex(of: ":") else {
        return nil
      }
      name = words[0]
      exitCode = code
      let files = [
        "FIRMWARE": SimulatedDesk.path("traces/small.srec"), "VOICES": SimulatedDesk.fixture("firmware/voices.elf"),
      ]
      command = words[(colon + 1)...].map { files[$0] ?? $0 }
    }
  }

  static let rows: [Row] = {
    let list = (try? FileSystem().read(SimulatedDesk.path("traces/sessions.list"))) ?? []
    return String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap(Row.init)
  }()

  @Test func `the list has rows and every recording has one`() {
    #expect(TraceCollectionTests.rows.count > 140)
    let files = TemporaryDirectory.names(in: SimulatedDesk.path("traces/sessions"))
    #expect(Set(files) == Set(TraceCollectionTests.rows.map { "\($0.name).txt" }))
  }

  @Test(arguments: ["v2", "v21", "v3"], ["f207", "f407", "f429"])
  func `every operation is there for each probe and each kind of flash`(probe: String, chip: String) {
    let operations = [
      "connect", "under-reset", "write", "verify", "verify-fails", "erase", "mass-erase", "options", "options-change",
    ]
    for operation in operations {
      #expect(
        TraceCollectionTests.rows.contains { $0.name.hasPrefix("\(probe)-\(chip)-\(operation)") },
        "\(probe)-\(chip)-\(operation)")
    }
  }

  // Where a chip shows itself on no bus there is nothing to record.
  @Test(arguments: Simulation.faults.map(\.name).filter { $0 != "dfu-crystal" })
  func `every fault that can be simulated is there`(fault: String) {
    let name = "fault-" + fault.split(separator: "=").joined(separator: "-")
    #expect(TraceCollectionTests.rows.contains { $0.name == name }, "add it to traces/sessions.list")
  }

  @Test(arguments: rows)
  func `a recorded session goes as it went`(row: Row) {
    let recording = SimulatedDesk.path("traces/sessions/\(row.name).txt")
    let outcome = CommandLineBench().run(["--replay", recording] + row.command)
    #expect(outcome.status.rawValue == row.exitCode, "\(outcome.error)")
  }

  @Test(arguments: TemporaryDirectory.names(in: SimulatedDesk.path("traces/tools")))
  func `a session of another tool decodes, and the simulator answers it as it did`(name: String) throws {
    let path = SimulatedDesk.path("traces/tools/\(name)")
    let session = try Capture.read(FileSystem().read(path)).session
    let operations = DecodedSession(session).operations
    #expect(operations.count > 5)
    #expect(operations.allSatisfy { $0.isKnown })
    let target = try #require(session.value("simulated"))
    let words = try #require(session.value("command")).split(separator: " ").map(String.init)
    let faults = zip(words, words.dropFirst()).filter { $0.0 == "--sim-fault" }.flatMap { [$0.0, $0.1] }
    let outcome = CommandLineBench().run(["trace", "replay", path, "--against", "sim:\(target)"] + faults)
    #expect(outcome.status == .success, "\(outcome.output)")
  }
}
