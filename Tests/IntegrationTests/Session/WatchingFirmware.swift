import Engine

@testable import SimProbe

/// A firmware that takes TRCENA, CYCCNT, DBGMCU, the FPB and DFSR for itself and watches that nobody changes them.
///
/// Its source is firmware/tests/watching-firmware.s.
struct WatchingFirmware {
  static let base: UInt32 = 0x0800_0000
  private static let record: UInt32 = 0x2000_0800
  private static let hasStarted: UInt32 = 0x600D_F00D

  /// What the firmware finds changed, by bit.
  private static let names = [
    "DEMCR", "DWT_CTRL", "CYCCNT", "DBGMCU_CR", "DBGMCU_APB1_FZ", "FP_CTRL", "FP_COMP0", "DFSR",
  ]

  /// What the firmware has recorded so far.
  struct Record: Equatable {
    var hasStarted: Bool
    var changes: [String]
    var lookCount: UInt32
  }

  static var bytes: [UInt8] { words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } }

  static func record(in simulation: Simulation) -> Record {
    simulation.board.chip.synchronise()
    let words = (0..<3 as Range<UInt32>).map { index -> UInt32 in
      guard case .done(let word, _) = simulation.board.chip.bus.read(record + 4 * index, .word, by: .debugger) else {
        return 0
      }
      return word
    }
    return Record(
      hasStarted: words[0] == hasStarted,
      changes: names.enumerated().filter { words[1] & 1 << UInt32($0.offset) != 0 }.map(\.element),
      lookCount: words[2])
  }

  private static let words: [UInt32] = [
    0x2000_1000, 0x0800_0043, 0x0800_0041, 0x0800_0041, 0x0800_0041, 0x0800_0041, 0x0800_0041, 0x0000_0000,
    0x0000_0000, 0x0000_0000, 0x0000_0000, 0x0800_0041, 0x0800_0041, 0x0000_0000, 0x0800_0041, 0x0800_0041,
    0x482A_DE01, 0x7180_F04F, 0x4929_6001, 0xF042_680A, 0x600A_0201, 0x2301_4A27, 0x6093_6053, 0x4C27_4B26,
    0x2503_609C, 0x4D26_601D, 0x602E_261F, 0x2700_4E25, 0x60B7_6077, 0x6037_4F24, 0x8004_F8D1, 0x0900_F05F,
    0xF1B7_6807, 0xBF18_7F80, 0x0901_F049, 0xF017_680F, 0xBF08_0F01, 0x0902_F049, 0x4547_684F, 0xF049_BF08,
    0x46B8_0904, 0x2F01_6857, 0xF049_BF18, 0x6897_0908, 0xBF18_2F01, 0x0910_F049, 0xF017_681F, 0xBF08_0F01,
    0x0920_F049, 0x42A7_689F, 0xF049_BF18, 0x682F_0940, 0xBF18_2F00, 0x0980_F049, 0xEA47_6877, 0x6077_0709,
    0xF107_68B7, 0x60B7_0701, 0x0000_E7C8, 0xE000_EDFC, 0xE000_1000, 0xE004_2000, 0xE000_2000, 0x4800_3FF1,
    0xE000_ED30, 0x2000_0800, 0x600D_F00D,
  ]
}
