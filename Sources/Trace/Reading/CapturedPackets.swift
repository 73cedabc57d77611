/// What a capture file's container holds: packets, not yet looked into, and what was found on the way.
struct CapturedPackets {
  /// One packet.
  struct Packet {
    /// The capture's interface, counted over all sections.
    var interface: Int
    /// LINKTYPE of the interface.
    var linkType: UInt16
    /// The byte order in which headers of some link types are written.
    var isBigEndian: Bool
    /// The time since 1970; nil for packets without one.
    var time: Duration?
    var bytes: ArraySlice<UInt8>
    /// What the file says of this packet alone.
    var comments: [String] = []
  }

  var packets: [Packet] = []
  /// The comments of sections, packets and statistics, in order.
  var comments: [String] = []
  /// What a reader of the session should know about the file.
  var remarks: [String] = []
}
