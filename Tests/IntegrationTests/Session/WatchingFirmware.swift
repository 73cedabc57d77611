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

  static var bytes: [UInt8] { TestFirmware.watching.bytes }

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
}
