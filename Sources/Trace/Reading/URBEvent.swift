/// A record of a request block out of a capture, with what the capture does not tell of it.
struct URBEvent {
  var record: URBRecord
  /// The capture's interface.
  var interface: Int
  /// What is missing from the record.
  var gaps: Exchange.Gaps
  /// Whether a completion says how many bytes went out.
  var tellsMovedLength = true
}
