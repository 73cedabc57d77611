import LinkInterface

/// Which bytes of a session's transfers its mask rules cover.
package struct MaskedBytes: Sendable {
  /// The rules of the second and third kind of scope, and the bytes of what each transfer goes with.
  private let rules: [MaskRule]
  private let leads: [[UInt8]]

  /// The bytes of a transfer to the device that a prefix may be compared with: a command block's.
  private static let leadSize = 16

  /// Looks the rules up for a session.
  package init(_ rules: [MaskRule], in exchanges: [Exchange]) {
    self.rules = rules
    let needsLeads = rules.contains { if case .positions = $0.scope { false } else { true } }
    var leads: [[UInt8]] = []
    var lead: [UInt8] = []
    for exchange in needsLeads ? exchanges : [] {
      if case .bulkOut(_, let bytes) = exchange.request { lead = Array(bytes.prefix(MaskedBytes.leadSize)) }
      leads.append(lead)
    }
    self.leads = leads
  }

  /// Whether a byte of what goes out in a transfer may differ.
  package func coversOutgoing(_ offset: Int, at position: Int) -> Bool {
    rules.contains { rule in
      guard rule.bytes.contains(offset) else { return false }
      switch rule.scope {
      case .positions(let range): return range.contains(position)
      case .outgoing(let prefix): return leads[position].starts(with: prefix)
      case .repliesTo: return false
      }
    }
  }

  /// Whether a byte of what comes in by a transfer may differ.
  package func coversIncoming(_ offset: Int, at position: Int) -> Bool {
    rules.contains { rule in
      guard rule.bytes.contains(offset) else { return false }
      switch rule.scope {
      case .positions(let range): return range.contains(position)
      case .outgoing: return false
      case .repliesTo(let prefix): return leads[position].starts(with: prefix)
      }
    }
  }
}
