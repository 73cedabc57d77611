/// What a recording holds besides the traffic.
package struct RecorderOptions: Sendable {
  /// The program that makes the recording, with its version.
  package var application: String
  /// Facts for the file's head, in this order: command line without paths, probe, firmware and so on.
  package var metadata: [MetadataEntry]
  /// The time since 1970 at which the recording begins; zero makes recordings of a simulation reproducible.
  package var startTime: Duration
  /// Whether the probe's serial number is replaced by zeros wherever it occurs.
  package var redactsSerial: Bool
  /// Makes what takes more than the serial number out; nil for nothing.
  package var makeConcealer: (@Sendable () -> any Concealer)?
  /// Whether the probe is asked for its descriptors; else they are made from its identity, without a configuration.
  package var asksForDescriptors: Bool
  /// Whether submissions are handed to the sink before the probe is asked, and not only with what came of them: a real
  /// probe may never answer, and what it was asked then is what matters most.
  package var handsOverSubmissionsFirst: Bool

  /// Makes options.
  package init(
    application: String = "stflash", metadata: [MetadataEntry] = [], startTime: Duration = .zero,
    redactsSerial: Bool = false, makeConcealer: (@Sendable () -> any Concealer)? = nil, asksForDescriptors: Bool = true,
    handsOverSubmissionsFirst: Bool = true
  ) {
    self.application = application
    self.metadata = metadata
    self.startTime = startTime
    self.redactsSerial = redactsSerial
    self.makeConcealer = makeConcealer
    self.asksForDescriptors = asksForDescriptors
    self.handsOverSubmissionsFirst = handsOverSubmissionsFirst
  }
}
