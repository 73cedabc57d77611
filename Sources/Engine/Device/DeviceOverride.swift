/// What the user says about the chip where the chip itself cannot be trusted: a counterfeit, an odd or a new part.
public struct DeviceOverride: Sendable, Equatable {
  /// The chip that it is to be taken for; one of another die than the chip's own is refused.
  public var chip: ChipName?
  /// The size of the main flash in bytes.
  public var flashByteCount: Int?
  /// Whether even a chip that is no STM32 (a copy with numbers of its own) is to be taken for `chip`.
  ///
  /// The second, explicit word: naming a chip alone is not enough. It does not help with a chip that is known to be
  /// another STM32.
  public var acceptsForeignChip: Bool

  /// Makes an override; nil leaves the matter to the chip.
  public init(chip: ChipName? = nil, flashByteCount: Int? = nil, acceptsForeignChip: Bool = false) {
    self.chip = chip
    self.flashByteCount = flashByteCount
    self.acceptsForeignChip = acceptsForeignChip
  }
}
