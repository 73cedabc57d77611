extension FixedWidthInteger where Self: UnsignedInteger {
  /// The value in hexadecimal with "0x" and every digit of its width, as the manuals and other tools print it.
  var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
  }
}

extension Range<UInt32> {
  /// The first and the last address, both included: "0x08000000-0x08003FFF".
  var addresses: String {
    isEmpty ? "nothing at \(lowerBound.hexadecimal)" : "\(lowerBound.hexadecimal)-\((upperBound - 1).hexadecimal)"
  }
}

extension BinaryInteger {
  /// A size as the data sheets write it: MiB or KiB where it comes out even, else bytes.
  var byteSize: String {
    if self > 0 && self % 1_048_576 == 0 { return "\(self / 1_048_576) MiB" }
    if self > 0 && self % 1024 == 0 { return "\(self / 1024) KiB" }
    return self == 1 ? "1 byte" : "\(self) bytes"
  }
}

extension UInt16 {
  /// A DEV_ID or REV_ID as the manuals write it, without leading zeros: "0x413".
  var shortHexadecimal: String { "0x" + String(self, radix: 16, uppercase: true) }
}
