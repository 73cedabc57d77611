package import LinkInterface

/// What went over a serial line, call by call.
package struct SerialRecording: Sendable, Equatable {
  /// Facts about the recording, in the order in which they were noted.
  package var metadata: [MetadataEntry]
  /// The time since 1970 at which the session begins; zero where nobody knows.
  package var startTime: Duration
  /// The calls, in order.
  package var calls: [SerialCall]
  /// What a reader of the session should know about its file.
  package var remarks: [String]

  /// Makes a recording.
  package init(
    metadata: [MetadataEntry] = [], startTime: Duration = .zero, calls: [SerialCall], remarks: [String] = []
  ) {
    self.metadata = metadata
    self.startTime = startTime
    self.calls = calls
    self.remarks = remarks
  }

  /// The key of the metadata entry that names the port.
  package static let portKey = "port"

  /// The value of the first metadata entry with a key; nil when there is none.
  package func value(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  /// The time from the start to the last thing that happened.
  package var duration: Duration { calls.map(\.ended).max() ?? .zero }

  /// How characters stood on the wires at first; nil where the recording does not tell.
  package var settings: SerialSettings? {
    for case .configure(let settings) in calls.map(\.action) { return settings }
    return nil
  }
}
