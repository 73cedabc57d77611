/// What an old firmware and the new one look like in the flash: what is where, and from where a program starts.
///
/// All offsets are within the flash of an F407, whose first four sectors have 16 KiB.
enum FlashLayout: String, CaseIterable, Sendable {
  /// 64 KiB from the start on.
  case plain
  /// Settings in sector 1, the program in sectors 2 and 3.
  case settings = "settings in front"
  /// A header of 512 bytes in front of the table, all in sectors 2 and 3.
  case header = "a header in front"
  /// A boot loader in sector 0, an application in sectors 2 and 3.
  case twoPrograms = "two programs"
  /// The old table is in sector 2 with its program behind it; the new table is in sector 3, behind its program.
  case moved = "another layout"
  /// The other way round: the old table behind its program, in the sector after the one in which the new table is.
  case movedBack = "another layout, back"

  /// One firmware: its pieces, and its programs.
  struct Firmware: Sendable {
    /// A program that starts from the table at an offset and consists of some pieces.
    struct Program: Sendable {
      var table: Int
      var pieces: [Int]
    }

    /// The bytes by offset.
    var pieces: [(offset: Int, bytes: [UInt8])]
    var programs: [Program]

    /// Whether a flash holds a piece.
    func isPresent(piece: Int, in flash: [UInt8]) -> Bool {
      let (offset, bytes) = pieces[piece]
      return flash[offset..<offset + bytes.count].elementsEqual(bytes)
    }

    /// Whether a flash holds all of it.
    func isPresent(in flash: [UInt8]) -> Bool { pieces.indices.allSatisfy { isPresent(piece: $0, in: flash) } }
  }

  /// Whether every transfer is to be tried, or a sample is enough.
  var isThorough: Bool { self == .plain }

  /// The firmware whose bytes are different at every offset from those of another step.
  func firmware(step: Int, isNew: Bool) -> Firmware {
    let data = { (count: Int) in (0..<count).map { UInt8(truncatingIfNeeded: $0 * step ^ $0 >> 8) | 1 } }
    let program = { (offset: Int, count: Int) in FlashLayout.table(at: offset) + data(count - 8) }
    switch self {
    case .plain:
      return Firmware(pieces: [(0, program(0, 65536))], programs: [.init(table: 0, pieces: [0])])
    case .settings:
      return Firmware(
        pieces: [(0x4000, data(300)), (0x8000, program(0x8000, 20_000))],
        programs: [.init(table: 0x8000, pieces: [0, 1])])
    case .header:
      return Firmware(
        pieces: [(0x8000, data(512) + program(0x8200, 20_000))], programs: [.init(table: 0x8200, pieces: [0])])
    case .twoPrograms:
      return Firmware(
        pieces: [(0, program(0, 6000)), (0x8000, program(0x8000, 20_000))],
        programs: [.init(table: 0, pieces: [0]), .init(table: 0x8000, pieces: [1])])
    case .moved where isNew, .movedBack where !isNew:
      return Firmware(
        pieces: [(0x4000, data(300)), (0x8000, data(10_000)), (0xC000, program(0xC000, 5000))],
        programs: [.init(table: 0xC000, pieces: [0, 1, 2])])
    case .moved, .movedBack:
      return Firmware(
        pieces: [(0x4000, data(300)), (0x8000, program(0x8000, 20_000))],
        programs: [.init(table: 0x8000, pieces: [0, 1])])
    }
  }

  /// Stack pointer and reset handler of a program at an offset, which begins behind them.
  private static func table(at offset: Int) -> [UInt8] {
    let handler = 0x0800_0009 + offset
    return [0x00, 0x10, 0x00, 0x20] + (0..<4).map { UInt8(truncatingIfNeeded: handler >> ($0 * 8)) }
  }
}
