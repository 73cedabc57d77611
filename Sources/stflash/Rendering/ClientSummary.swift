/// What a client of a server did, told when it has gone.
struct ClientSummary: CommandResult {
  let client: Int
  let commandCount: Int
  /// What it did to the probes that it held.
  let work: [ClientWork]

  let name = "client"
  let isConfirmation = true

  var members: [JSONMember] {
    [
      JSONMember("client", .integer(client)), JSONMember("requests", .integer(commandCount)),
      JSONMember("work", .array(work.map { .object($0.members) })),
    ]
  }

  var lines: [String] {
    ["client \(client) has gone after \(commandCount.of("request"))"] + work.map { "  " + $0.line }
  }
}
