import Basics

/// What the flash holds, by a look at its first row and a little of every sector.
enum FlashSurvey: Equatable {
  /// Nothing anywhere where we looked.
  case blank
  /// A vector table that the core can start from.
  case program(VectorTable)
  /// Something that is no vector table of this chip.
  case other(VectorTable)
  /// An erased first row before sectors that hold data: an interrupted write, which programs that row last.
  case interrupted(dataAt: UInt32)

  /// The bytes of the row that is programmed last (`Programmer`).
  private static let rowByteCount = 16
  /// How much of the first sector is looked at behind the row, and how much of each other one.
  private static let lookByteCount = 256

  /// Looks; reads 16 bytes where a program is there, and about 256 of each sector where none is.
  static func examine(_ reader: FlashReader, of device: Device) throws(FlashError) -> FlashSurvey {
    let start = FixedArea.flashStart
    let row = try reader.readPiece(at: start, byteCount: rowByteCount)
    guard row.allSatisfy({ $0 == 0xFF }) else {
      let table = VectorTable(
        address: start, initialStackPointer: row.littleEndianWord(at: 0),
        resetHandler: row.littleEndianWord(at: 4))
      return device.canStart(from: table) ? .program(table) : .other(table)
    }
    for sector in device.sectorMap.sectors {
      let bytes = try reader.readPiece(at: sector.range.lowerBound, byteCount: lookByteCount)
      if let offset = bytes.firstIndex(where: { $0 != 0xFF }) {
        return .interrupted(dataAt: sector.range.lowerBound + UInt32(offset))
      }
    }
    return .blank
  }

  /// What to tell of a flash that holds data and no vector table; nil where nothing is odd.
  var warning: String? {
    guard case .interrupted(let address) = self else { return nil }
    return "the flash holds data (from \(address.hexadecimal) on) and no vector table: an earlier write or erase was "
      + "interrupted; write the firmware again"
  }
}
