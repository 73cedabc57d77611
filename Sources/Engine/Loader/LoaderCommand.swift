import Basics

/// A command of the RAM loader; firmware/loader/flash-loader.s describes its words.
enum LoaderCommand: Equatable {
  /// Erases what CR, which has STRT set, selects; the result is the number of cycles that it took.
  case erase(FlashControl)
  /// Programs whole words at the width that CR selects; the result is the number of cycles that it took.
  case program(FlashBlock, FlashControl)
  /// Programs the same at 32 bits from what `LoaderPacker` has made of the block.
  case unpack(FlashBlock, packed: [UInt8], FlashControl)
  /// Sums whole words with the CRC unit; the result is the sum.
  case sum(Range<UInt32>)
  /// Looks for what is not erased in groups of four words; the result is the address of the first such group, or 0.
  case findProgrammed(Range<UInt32>)

  /// The words before the data.
  var header: [UInt32] {
    switch self {
    case .erase(let control): [1, control.rawValue]
    case .program(let block, let control):
      [2, control.rawValue, block.address, UInt32(block.bytes.count / 4)]
    case .unpack(let block, let packed, let control):
      [5, control.rawValue, block.address, UInt32(block.bytes.count / 4), UInt32(packed.count / 4)]
    case .sum(let range): [3, range.lowerBound, UInt32(range.count / 4)]
    case .findProgrammed(let range): [4, range.lowerBound, UInt32(range.count / 4)]
    }
  }

  /// The data behind the header.
  var data: [UInt8] {
    switch self {
    case .program(let block, _): block.bytes
    case .unpack(_, let packed, _): packed
    case .erase, .sum, .findProgrammed: []
    }
  }

  /// What it programs.
  var programmed: FlashBlock? {
    switch self {
    case .program(let block, _), .unpack(let block, _, _): block
    case .erase, .sum, .findProgrammed: nil
    }
  }

  /// How much of the ring the command takes.
  var ringByteCount: Int { header.count * 4 + data.count }

  /// A stretch of the command as it stands in the ring, not beyond the header or the data in which it begins.
  func ringBytes(from offset: Int, atMost limit: Int) -> ArraySlice<UInt8> {
    let header = header.flatMap(\.littleEndianBytes)
    let (part, start) = offset < header.count ? (header, offset) : (data, offset - header.count)
    return part[start...].prefix(limit)
  }
}

/// A command with what the host has to know to wait for it and to speak of it.
struct LoaderJob {
  var command: LoaderCommand
  /// What it does, in words: "erasing sector 5".
  var action: String
  /// The sector that it works on, where it is one.
  var sector: Sector?
  /// What it erases; nil where it does not.
  var erases: EraseStep?
  /// How long it usually takes and how long it can take.
  var time: FlashTiming.Bounds

  init(
    command: LoaderCommand, action: String, sector: Sector? = nil, erases: EraseStep? = nil, time: FlashTiming.Bounds
  ) {
    self.command = command
    self.action = action
    self.sector = sector
    self.erases = erases
    self.time = time
    if case .sector(let erased) = erases { self.sector = erased }
  }
}
