/// Everything that a write or an erase will do to a chip, worked out before anything is touched.
///
/// The plan is a value: it can be shown, compared, refused and executed. Sectors with vector tables are erased first, and
/// the rows that a program can start from are programmed last (`stages`), so that a write that breaks off leaves a chip
/// that visibly has no firmware.
public struct FlashPlan: Sendable, Equatable {
  /// What the whole will take on the probe's clock.
  public struct Prediction: Sendable, Equatable {
    /// Erasing.
    public var erase = Duration.zero
    /// Programming, with the transfer to the chip.
    public var program = Duration.zero
    /// Reading back and comparing.
    public var verify = Duration.zero

    /// All of it.
    public var total: Duration { erase + program + verify }
  }

  /// How messages call the chip.
  public var deviceName: String
  /// The banks and sectors of the chip that the plan is for.
  public var sectorMap: SectorMap
  /// The width of erasing and programming.
  public var parallelism: Parallelism
  /// The erase operations, in order.
  public var eraseSteps: [EraseStep]
  /// What will be programmed, in order, without the vector rows: rows of 16 bytes, blank stretches left out.
  public var blocks: [FlashBlock]
  /// The rows that a program can start from; empty when the image leaves them blank.
  ///
  /// By falling address: the one that the core starts from at a reset is the very last.
  public var vectorRows: [FlashBlock]
  /// What the flash must hold afterwards, by rising address: the image, the bytes kept, and what lies close between.
  public var expected: [FlashBlock]
  /// Bytes that the image does not mention and that are read, erased with their sector and programmed again.
  public var kept: [Range<UInt32>]
  /// Sectors that are left alone because they hold their part of the image already.
  public var equalSectors: [Sector]
  /// Sectors that need no erase because they are blank.
  public var blankSectors: [Sector]
  /// How many bytes the image has.
  public var imageByteCount: Int
  /// What the whole will take.
  public var prediction: Prediction
  /// What is odd about the image or the choice of width, one sentence each.
  public var warnings: [String]

  /// The sectors that lose their content, in the order of erasing.
  public var erasedSectors: [Sector] {
    eraseSteps.flatMap { step in sectorMap.sectors.filter(step.erases) }
  }

  /// How many bytes will be programmed, padding and kept bytes included.
  public var programmedByteCount: Int {
    (blocks + vectorRows).reduce(0) { $0 + $1.bytes.count }
  }

  /// Whether there is nothing to erase and nothing to program.
  public var isEmpty: Bool { eraseSteps.isEmpty && blocks.isEmpty && vectorRows.isEmpty }
}
