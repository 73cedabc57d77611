import Engine

/// What a write, an erase, a verification or a reset has done.
struct WorkResult: CommandResult {
  /// The name of the JSON event: "written", "erased", "verified", "reset".
  let name: String
  /// What was done, as a sentence without the figures.
  let sentence: String
  /// What was done, for JSON.
  let facts: [JSONMember]
  /// How long it took.
  let figures: WorkFigures

  let isConfirmation = true

  var lines: [String] { ["\(sentence) in \(figures.text)"] }

  var members: [JSONMember] { facts + figures.members }
}
