/// A chip as it is sold: a line and a flash size.
public struct ChipType: Sendable, Equatable {
  /// The line: "F407".
  public var line: String
  /// The flash size.
  public var flashSize: FlashSize
  /// The pin-count letters that the line is sold with at this size.
  public var packages: String
  /// DEV_ID.
  public var deviceID: UInt16
  /// The static RAM as blocks in KiB, in address order (SRAM1, SRAM2, SRAM3).
  var ram: RAMLayout

  /// The name without a pin count: "STM32F407xG".
  public var name: String { "STM32\(line)x\(flashSize.letter)" }
}
