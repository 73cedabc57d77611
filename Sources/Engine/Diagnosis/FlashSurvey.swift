import Basics
import Failures

/// What the flash holds, by a look at its first row and a little of every sector.
enum FlashSurvey: Equatable {
  /// Nothing anywhere where we looked.
  case blank
  /// A vector table that the core can start from.
  case program(VectorTable)
  /// Something that is no vector table of this chip.
  case other(VectorTable)
  /// An erased first row before data; where one of the sectors begins with a vector table, its address.
  case noTable(dataAt: UInt32, tableAt: UInt32?)
  /// A program, and later a sector whose first row is erased while data follow at once.
  case gap(VectorTable, rowAt: UInt32)

  /// The bytes of a row that is programmed last (`Programmer`).
  private static let rowByteCount = 16
  /// How much of each sector is looked at.
  private static let lookByteCount = 256

  /// Looks; reads 16 bytes where a program is there, and about 256 of each sector where none is.
  ///
  /// - Parameters:
  ///   - startsFromBank2: whether the ROM starts bank 2 where its first word may be a stack pointer (BFB2; AN2606).
  ///   - seeksGaps: whether the other sectors are looked at too where a program is there.
  static func examine(
    _ reader: FlashReader, of device: Device, startsFromBank2: Bool, seeksGaps: Bool = false
  ) throws(FlashError) -> FlashSurvey {
    var start = device.sectorMap.range.lowerBound
    var row = try reader.readPiece(at: start, byteCount: rowByteCount)
    if startsFromBank2 {
      let second = device.sectorMap.range.lowerBound + UInt32(device.flashByteCount / 2)
      let secondRow = try reader.readPiece(at: second, byteCount: rowByteCount)
      if device.isStackTop(secondRow.littleEndianWord(at: 0)) { (start, row) = (second, secondRow) }
    }
    if !row.isErased {
      let table = VectorTable(row, at: start)
      guard device.canStart(from: table) else { return .other(table) }
      guard seeksGaps, let gap = try gap(reader, device, startingAt: start) else { return .program(table) }
      return .gap(table, rowAt: gap)
    }
    var dataAddress: UInt32?
    for sector in device.sectorMap.sectors {
      let first = sector.range.lowerBound
      let bytes = try reader.readPiece(at: first, byteCount: lookByteCount)
      if let offset = bytes.firstIndex(where: { $0 != 0xFF }) { dataAddress = dataAddress ?? first + UInt32(offset) }
      let table = VectorTable(bytes, at: first)
      if let dataAddress, device.canStart(from: table) { return .noTable(dataAt: dataAddress, tableAt: first) }
    }
    return dataAddress.map { .noTable(dataAt: $0, tableAt: nil) } ?? .blank
  }

  /// The first sector behind the first one whose first row is erased while data follow at once.
  private static func gap(
    _ reader: FlashReader, _ device: Device, startingAt start: UInt32
  ) throws(FlashError) -> UInt32? {
    for sector in device.sectorMap.sectors where sector.range.lowerBound > start {
      let bytes = try reader.readPiece(at: sector.range.lowerBound, byteCount: lookByteCount)
      if Array(bytes.prefix(rowByteCount)).isErased && !bytes.isErased { return sector.range.lowerBound }
    }
    return nil
  }

  /// What is missing where the chip starts; nil where something is there.
  var missingProgram: String? {
    switch self {
    case .blank: return "the flash is blank"
    case .noTable(_, let table?): return "the flash is erased at its start, and holds a program at \(table.hexadecimal)"
    case .noTable(let data, nil):
      return "the flash is erased at its start (no vector table), and holds data from \(data.hexadecimal) on"
    case .program, .other, .gap: return nil
    }
  }

  /// What may have led to a flash that holds data without a vector table in front of them, likeliest first; empty where
  /// nothing is odd.
  ///
  /// A write erases the sector with the table first and programs the table's row last, so that data which begin right
  /// behind an erased row are what it leaves when it breaks off.
  var explanations: [String] {
    let brokenOff = "a write that broke off (write the firmware again)"
    switch self {
    case .noTable(_, _?):
      return ["an application without its bootloader (write the bootloader)", brokenOff]
    case .noTable(let data, nil) where data - MemoryMap.presumed.flash.lowerBound < UInt32(FlashSurvey.lookByteCount):
      return [brokenOff, "data that are no program"]
    case .noTable:
      return ["data that are no program", "an erase of the first sector", brokenOff]
    case .gap:
      return [
        "an update of an application that broke off (write the application again)", "data that begin with erased bytes",
      ]
    case .blank, .program, .other: return []
    }
  }

  /// What to tell of such a flash; nil where nothing is odd.
  var warning: String? {
    let fact: String
    switch self {
    case .gap(_, let row): fact = "an erased row stands in front of the data at \(row.hexadecimal)"
    default:
      guard let missing = missingProgram, self != .blank else { return nil }
      fact = missing
    }
    return "\(fact): \(explanations.joined(separator: ", or "))"
  }

  /// The causes behind it, likeliest first.
  var causes: [FailureCause] {
    switch self {
    case .noTable(let data, nil) where data - MemoryMap.presumed.flash.lowerBound < UInt32(FlashSurvey.lookByteCount):
      return [.writeInterrupted, .noProgram]
    case .noTable: return [.noProgram, .writeInterrupted]
    case .gap: return [.writeInterrupted]
    case .other: return [.startIsNoProgram]
    case .blank, .program: return []
    }
  }
}

extension [UInt8] {
  /// Whether every byte is as an erase leaves it.
  fileprivate var isErased: Bool { allSatisfy { $0 == 0xFF } }
}

extension VectorTable {
  /// The table that bytes from an address on are, if they are one.
  fileprivate init(_ bytes: [UInt8], at address: UInt32) {
    self.init(
      address: address, initialStackPointer: bytes.littleEndianWord(at: 0),
      resetHandler: bytes.littleEndianWord(at: 4))
  }
}
