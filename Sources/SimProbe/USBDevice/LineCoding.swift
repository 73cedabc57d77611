/// In which rate and format a host wants a COM port to send and receive (USB CDC PSTN 1.2, section 6.3.11).
///
/// | Offset | Field |
/// |---|---|
/// | 0 | dwDTERate, bits a second |
/// | 4 | bCharFormat: 0 one stop bit, 1 one and a half, 2 two |
/// | 5 | bParityType: 0 none, 1 odd, 2 even |
/// | 6 | bDataBits |
struct LineCoding: Equatable {
  /// The structure as the host has sent it.
  let bytes: [UInt8]
  /// What it means on the wire.
  let format: SerialFormat

  /// What a probe begins with: 115,200 baud, eight data bits, no parity, one stop bit.
  static let usual = LineCoding(bytes: [0x00, 0xC2, 0x01, 0x00, 0, 0, 8], format: SerialFormat(baud: 115_200))

  /// Reads the structure; nil for a rate or a format that cannot be had, which mark and space parity are among.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 7, bytes[4] <= 2, (5...8).contains(bytes[6]) else { return nil }
    let baud = bytes[..<4].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let parities: [SerialFormat.Parity] = [.none, .odd, .even]
    guard baud > 0, parities.indices.contains(Int(bytes[5])) else { return nil }
    self.bytes = bytes
    var format = SerialFormat(baud: baud, dataBitCount: Int(bytes[6]), parity: parities[Int(bytes[5])])
    format.stopHalfBits = 2 + UInt64(bytes[4])
    self.format = format
  }

  private init(bytes: [UInt8], format: SerialFormat) {
    self.bytes = bytes
    self.format = format
  }
}
