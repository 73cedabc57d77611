/// What the user says about the chip where the chip itself cannot be trusted: a counterfeit, an odd or a new part.
public struct DeviceOverride: Sendable, Equatable {
  /// The chip that it is to be taken for (`--chip`).
  public var chip: ChipName?
  /// The size of the main flash in bytes (`--flash-size`).
  public var flashByteCount: Int?

  /// Makes an override; nil leaves the matter to the chip.
  public init(chip: ChipName? = nil, flashByteCount: Int? = nil) {
    self.chip = chip
    self.flashByteCount = flashByteCount
  }
}
