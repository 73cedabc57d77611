/// How an image is to be written.
public struct PlanOptions: Sendable, Equatable {
  /// Whether bytes of a touched sector that the image does not mention survive.
  public var keepsOtherBytes: Bool
  /// Whether sectors that hold their part of the image already are left alone.
  public var skipsEqualSectors: Bool
  /// Whether everything is erased first, sectors that the image does not mention included.
  public var erasesEverything: Bool

  /// Makes options; the defaults keep what the image does not mention and compare nothing beforehand.
  public init(keepsOtherBytes: Bool = true, skipsEqualSectors: Bool = false, erasesEverything: Bool = false) {
    self.keepsOtherBytes = keepsOtherBytes
    self.skipsEqualSectors = skipsEqualSectors
    self.erasesEverything = erasesEverything
  }
}

/// What is to be erased.
public enum EraseRequest: Sendable, Equatable {
  /// The whole main flash.
  case all
  /// The sectors with these numbers.
  case sectors([Int])
  /// `byteCount` bytes from `address` on, which must begin and end with a sector.
  case range(address: UInt32, byteCount: Int)
}
