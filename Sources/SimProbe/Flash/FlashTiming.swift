/// How long flash operations take on one part.
struct FlashTiming: Equatable, Sendable {
  /// Which column of the data sheet a part follows.
  enum Grade: Sendable {
    /// A part as measured.
    case typical
    /// A part at the limit of its specification.
    case slow
  }

  private let column: FlashTimes.Column
  /// The part's own speed: erase times are multiplied by this and divided by 1000.
  private let spread: UInt64

  /// One programming pulse of any width, in nanoseconds.
  let program: UInt64

  /// Makes the timing of a part.
  ///
  /// - Parameters:
  ///   - times: the family's.
  ///   - grade: the column.
  ///   - spreadPerMille: the part's erase time in thousandths of the column's; parts in the field lie between 850 and
  ///     1100.
  init(_ times: FlashTimes, grade: Grade = .typical, spreadPerMille: UInt64 = 1000) {
    column = grade == .typical ? times.typical : times.slow
    spread = spreadPerMille
    program = column.program
  }

  /// The time to erase one sector, in nanoseconds.
  func erase(sectorOf byteCount: UInt32, _ parallelism: Parallelism) -> UInt64 {
    let times = times(parallelism)
    let milliseconds =
      switch byteCount >> 10 {
      case ...16: times.sector16
      case ...64: times.sector64
      default: times.sector128
      }
    return milliseconds * 1000 * spread
  }

  /// The time to erase whole banks, in nanoseconds.
  ///
  /// Banks are erased at the same time: the largest one counts, and the second costs only what was measured, 1/100.
  func erase(banksOf byteCounts: [UInt32], _ parallelism: Parallelism) -> UInt64 {
    guard let largest = byteCounts.max() else { return 0 }
    let single = times(parallelism).massPerMebibyte * 1_000_000 * UInt64(largest) / (1 << 20)
    let both = byteCounts.count > 1 ? single + single / 100 : single
    return both / 1000 * spread
  }

  /// The time to rewrite the option sector, in nanoseconds: the erase of a small sector and four programming pulses.
  func programOptions(_ parallelism: Parallelism) -> UInt64 {
    erase(sectorOf: 16 << 10, parallelism) + 4 * program
  }

  private func times(_ parallelism: Parallelism) -> FlashTimes.Erase {
    column.erase[Int(parallelism.rawValue.trailingZeroBitCount)]
  }
}
