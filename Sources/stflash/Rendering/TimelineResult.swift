import Basics

/// A page that was written.
struct TimelineResult: CommandResult {
  let file: String
  let operationCount: Int

  let name = "timeline"
  let isConfirmation = true

  var members: [JSONMember] {
    [JSONMember("file", .string(file)), JSONMember("operations", .integer(operationCount))]
  }

  var lines: [String] { ["wrote \(FileSystem.name(of: file)): \(operationCount.grouped) operations"] }
}
