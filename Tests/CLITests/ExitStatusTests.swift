import Engine
import Failures
import Testing

@testable import stflash

struct ExitStatusTests {
  @Test func `the documentation's table is the enum`() throws {
    let bytes = try FileSystem().read(SimulatedDesk.path("docs/exit-codes.md"))
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("| ") }
    let documented = rows.compactMap { row -> String? in
      let cells = row.split(separator: "|").map { $0.filter { $0 != " " && $0 != "`" } }
      guard let code = Int32(cells[0]) else { return nil }
      return "\(code) \(cells[1])"
    }
    #expect(documented == ExitStatus.named.map { "\($0.status.rawValue) \($0.name)" })
  }

  @Test func `every class of failures has an exit code of its own`() {
    let codes = FailureCategory.allCases.map { ExitStatus($0) }
    #expect(Set(codes).count == FailureCategory.allCases.count)
    #expect(!codes.contains(.success))
    for category in FailureCategory.allCases { #expect(ExitStatus(category).name == category.rawValue) }
  }
}
