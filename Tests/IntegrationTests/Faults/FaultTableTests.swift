import Engine
import Failures
import Foundation
import Testing

@testable import SimProbe

/// Faults times operations: success, or the fault's name and the right exit code; never a success that is none.
@Suite struct FaultTableTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../docs/faults.md").standardizedFileURL

  @Test func `every fault lets every operation succeed or is told, and the page says which`() throws {
    let table = try FaultTable.run()
    for row in table.rows {
      let operations = MainOperation.allCases.map(\.rawValue) + FaultTable.moments.map { "\($0.operation) midway" }
      for (operation, outcome) in zip(operations, row.outcomes + row.midwayOutcomes) {
        #expect(outcome != .falseSuccess, "\(row.fault.name), \(operation)")
        guard case .failed(let report) = outcome else { continue }
        #expect(
          row.expectation.categories.contains(report.category),
          "\(row.fault.name), \(operation): \(report.category) \(report.headline) \(report.evidence)")
      }
    }
    if ProcessInfo.processInfo.environment["STFLASH_UPDATE_GOLDENS"] != nil {
      try table.page.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == table.page)
  }
}
