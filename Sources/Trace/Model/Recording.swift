package import LinkInterface

/// What went over the cable between a host and one probe, from a recording of any kind.
package struct Recording: Sendable, Equatable {
  /// Facts about the recording, in the order in which they were noted.
  package var metadata: [MetadataEntry]
  /// The time since 1970 at which the session begins; zero where nobody knows.
  package var startTime: Duration
  /// The bus and the address that the device had.
  package var location: USBLocation
  /// The transfers, in the order in which they ended.
  package var exchanges: [Exchange]
  /// Which bytes may differ when the session is repeated.
  package var masks: [MaskRule]

  /// Makes a session.
  package init(
    metadata: [MetadataEntry] = [], startTime: Duration = .zero,
    location: USBLocation = USBLocation(bus: 0, address: 0),
    exchanges: [Exchange], masks: [MaskRule] = []
  ) {
    self.metadata = metadata
    self.startTime = startTime
    self.location = location
    self.exchanges = exchanges
    self.masks = masks
  }

  /// The key of the metadata entry that holds "VID:PID" for a recording without descriptors.
  package static let deviceKey = "device"

  /// What the probe says of itself, from the recorded descriptors; nil when none is there and no metadata entry
  /// `device` names the ids.
  package var identity: USBIdentity? {
    RecordedDescriptors(exchanges).identity(at: location) ?? declaredIdentity
  }

  /// The time from the start to the last thing that is known to have happened.
  package var duration: Duration {
    exchanges.compactMap { $0.completed ?? $0.submitted }.max() ?? .zero
  }

  /// The value of the first metadata entry with a key; nil when there is none.
  package func value(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  private var declaredIdentity: USBIdentity? {
    let ids = (value(Recording.deviceKey) ?? "").split(separator: ":").map { UInt16($0, radix: 16) }
    guard ids.count == 2, let vendor = ids[0], let product = ids[1] else { return nil }
    return USBIdentity(vendorID: vendor, productID: product, speed: .unknown, location: location)
  }
}
