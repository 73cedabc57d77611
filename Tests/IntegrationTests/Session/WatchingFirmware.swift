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
    0x482B_DE01, 0x6001_21C0, 0xF04F_482A, 0x6001_7180, 0x680A_4929, 0x0201_F042, 0x4A28_600A, 0x6053_2301,
    0x4B27_6093, 0x609C_4C27, 0x601D_2503, 0x261F_4D26, 0x4E26_602E, 0x6077_2700, 0x4F25_60B7, 0xF8D1_6037,
    0xF05F_8004, 0x6807_0900, 0x7F80_F1B7, 0xF049_BF18, 0x680F_0901, 0x0F01_F017, 0xF049_BF08, 0x684F_0902,
    0xBF08_4547, 0x0904_F049, 0x6857_46B8, 0xBF18_2F01, 0x0908_F049, 0x2F01_6897, 0xF049_BF18, 0x681F_0910,
    0x0F01_F017, 0xF049_BF08, 0x689F_0920, 0xBF18_42A7, 0x0940_F049, 0x2F00_682F, 0xF049_BF18, 0x6877_0980,
    0x0709_EA47, 0x68B7_6077, 0x0701_F107, 0xE7C8_60B7, 0x4002_3808, 0xE000_EDFC, 0xE000_1000, 0xE004_2000,
    0xE000_2000, 0x4800_3FF1, 0xE000_ED30, 0x2000_0800, 0x600D_F00D,
  ]
}
