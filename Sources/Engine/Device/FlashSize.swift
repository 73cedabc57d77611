/// The size of the main flash by the letter that the order code has after the pin count (STM32F407V`G`).
public enum FlashSize: Int, Sendable, CaseIterable, Comparable {
  /// 64 KiB, letter 8.
  case k64 = 64
  /// 128 KiB, letter B.
  case k128 = 128
  /// 256 KiB, letter C.
  case k256 = 256
  /// 384 KiB, letter D.
  case k384 = 384
  /// 512 KiB, letter E.
  case k512 = 512
  /// 768 KiB, letter F.
  case k768 = 768
  /// 1024 KiB, letter G.
  case k1024 = 1024
  /// 1536 KiB, letter H.
  case k1536 = 1536
  /// 2048 KiB, letter I.
  case k2048 = 2048

  /// The letters in the order of the sizes.
  private static let letters: [FlashSize: Character] = [
    .k64: "8", .k128: "B", .k256: "C", .k384: "D", .k512: "E", .k768: "F", .k1024: "G", .k1536: "H", .k2048: "I",
  ]

  /// The size with a letter of the order code; nil for a letter that stands for none.
  public init?(letter: Character) {
    guard let size = FlashSize.letters.first(where: { $0.value == letter })?.key else { return nil }
    self = size
  }

  /// The letter of the order code.
  public var letter: Character { FlashSize.letters[self] ?? "?" }

  /// The size in KiB, which is also what the size register of a genuine part holds.
  public var kibibytes: Int { rawValue }

  /// The size in bytes.
  public var byteCount: Int { rawValue * 1024 }

  /// Orders by size.
  public static func < (left: FlashSize, right: FlashSize) -> Bool { left.rawValue < right.rawValue }
}
