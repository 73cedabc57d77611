import Engine
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
      command = words[(colon + 1)...].map { $0 == "FIRMWARE" ? SimulatedDesk.path("traces/small.srec") : $0 }
    }
  }

  static let rows: [Row] = {
    let list = (try? FileSystem().read(SimulatedDesk.path("traces/sessions.list"))) ?? []
    return String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap(Row.init)
  }()

  @Test func `the list has rows and every recording has one`() {
    #expect(TraceCollectionTests.rows.count > 30)
    let files = TemporaryDirectory.names(in: SimulatedDesk.path("traces/sessions"))
    #expect(Set(files) == Set(TraceCollectionTests.rows.map { "\($0.name).txt" }))
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
    #expect(operations.count > 10)
    #expect(operations.allSatisfy { $0.isKnown && $0.problem == nil && !$0.lacksReply })
    let target = try #require(session.value("simulated"))
    let outcome = CommandLineBench().run(["trace", "replay", path, "--against", "sim:\(target)"])
    #expect(outcome.status == .success, "\(outcome.output)")
  }
}
