import LinkInterface

/// What the user says to choose one probe of several: a part of a serial, or a place on the bus.
struct ProbeSelector: Equatable {
  /// As the user wrote it.
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// Whether this names the place of a device: a path ("1-4.2") or bus and address ("1:7", "001:007").
  func names(_ location: USBLocation) -> Bool {
    if !location.ports.isEmpty && text == location.path { return true }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let bus = UInt8(parts[0]), let address = UInt8(parts[1]) else { return false }
    return bus == location.bus && address == location.address
  }

  /// Whether this is the whole of a serial, in either case.
  func equals(_ serial: USBSerial) -> Bool {
    text.uppercased() == serial.text.uppercased()
  }

  /// Whether this is a part of a serial, in either case.
  func isPart(of serial: USBSerial) -> Bool {
    let part = Array(text.uppercased().utf8)
    let whole = Array(serial.text.uppercased().utf8)
    guard !part.isEmpty, part.count <= whole.count else { return false }
    return (0...whole.count - part.count).contains { whole[$0..<$0 + part.count].elementsEqual(part) }
  }

  /// The listed probes that this may mean: a whole serial goes before parts of others.
  func matches(in listings: [ProbeListing]) -> [ProbeListing] {
    let exact = listings.filter { $0.identity.serial.map(equals) ?? false }
    return exact.isEmpty ? listings.filter { $0.identity.serial.map(isPart) ?? false } : exact
  }
}
