extension ImageFormat {
  /// The format that a file's first bytes show; nil for content that shows none, which is then raw binary.
  ///
  /// A raw firmware is not mistaken for one of the others: its first word is the initial stack pointer, a multiple of
  /// four, and none of the marks is. Other raw data can begin with a mark by chance; whoever means it raw has to say so.
  public init?(content: [UInt8]) {
    if content.starts(with: ELFReader.magic) {
      self = .elf
    } else if content.starts(with: UF2Reader.magic) {
      self = .uf2
    } else if content.starts(with: DfuSeReader.magic) {
      self = .dfuSe
    } else if let start = RecordText.firstCharacters(of: content, count: 3) {
      switch (start[0], start[1], start[2]) {
      case (UInt8(ascii: ":"), let high, let low) where RecordText.isDigit(high) && RecordText.isDigit(low):
        self = .intelHex
      case (UInt8(ascii: "S"), UInt8(ascii: "0")...UInt8(ascii: "9"), let digit) where RecordText.isDigit(digit):
        self = .sRecord
      default:
        return nil
      }
    } else {
      return nil
    }
  }
}
