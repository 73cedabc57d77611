/// How an image is to be written.
public struct PlanOptions: Sendable, Equatable {
  /// Whether bytes of a touched sector that the image does not mention survive.
  public var keepsOtherBytes: Bool
  /// Whether sectors that hold already what they are to hold are left alone; changes nothing about the outcome.
  public var skipsEqualSectors: Bool
  /// Whether everything is erased first, sectors that the image does not mention included: nothing is kept or skipped
  /// then, whatever the other options say.
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
