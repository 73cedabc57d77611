// How numbers of the target read in messages. Addresses and words as everywhere in the project: "0x0800_4000".

extension UInt32 {
  /// An address or a register's word: "0x0800_4000".
  var hexadecimal: String { Hexadecimal.word(self) }
}

extension UInt16 {
  /// A DEV_ID or REV_ID as the manuals write it, without leading zeros: "0x413".
  var hexadecimal: String { "0x" + String(self, radix: 16, uppercase: true) }
}

extension Range<UInt32> {
  /// The first and the last address, both included: "0x0800_0000 to 0x0800_3FFF".
  var addresses: String {
    isEmpty ? "nothing at \(lowerBound.hexadecimal)" : Hexadecimal.range(lowerBound...upperBound - 1)
  }
}

extension Int {
  /// A size as the data sheets write it: MiB or KiB where it comes out even, else bytes.
  var byteSize: String {
    if self > 0 && isMultiple(of: 1_048_576) { return "\(self / 1_048_576) MiB" }
    if self > 0 && isMultiple(of: 1024) { return "\(self / 1024) KiB" }
    return self == 1 ? "1 byte" : "\(self) bytes"
  }
}
