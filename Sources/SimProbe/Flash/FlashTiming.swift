/// How long flash operations take on one part.
///
/// Typical times are measured ones where there are measurements (x32 on F407 and F429 at 3 V: 16 KiB 0.217 s in two
/// recordings, 4 × 16 + 64 KiB 1.466 s, a bank 8.33 to 8.46 s, both banks at once 8.49 s), 0.9 of the data sheet's
/// typical value for x8 and an interpolation for x16. Maximum times are the data sheets' ("Flash memory programming",
/// for example DS8626 table 40).
struct FlashTiming: Equatable, Sendable {
  /// Which column of the data sheet a part follows.
  enum Grade: Sendable {
    /// A part as measured.
    case typical
    /// A part at the limit of its specification.
    case slow
  }

  /// Erase times in milliseconds for one programming width.
  private struct EraseTimes {
    let sector16: UInt64
    let sector64: UInt64
    let sector128: UInt64
    /// A mass erase, for each MiB of the largest bank erased.
    let massPerMebibyte: UInt64
  }

  private let grade: Grade
  /// The part's own speed: erase times are multiplied by this and divided by 1000.
  private let spread: UInt64

  /// One programming pulse of any width, in nanoseconds: 16 µs typical, 100 µs at the most.
  let program: UInt64

  /// Makes the timing of a part.
  ///
  /// - Parameters:
  ///   - grade: the column.
  ///   - spreadPerMille: the part's erase time in thousandths of the column's; parts in the field lie between 850 and
  ///     1100.
  init(grade: Grade = .typical, spreadPerMille: UInt64 = 1000) {
    self.grade = grade
    spread = spreadPerMille
    program = grade == .typical ? 16_000 : 100_000
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

  private func times(_ parallelism: Parallelism) -> EraseTimes {
    switch (grade, parallelism) {
    case (.typical, .x8): EraseTimes(sector16: 360, sector64: 1080, sector128: 1800, massPerMebibyte: 16_800)
    case (.typical, .x16): EraseTimes(sector16: 270, sector64: 630, sector128: 1170, massPerMebibyte: 11_550)
    case (.typical, .x32): EraseTimes(sector16: 220, sector64: 530, sector128: 970, massPerMebibyte: 8400)
    case (.typical, .x64): EraseTimes(sector16: 207, sector64: 441, sector128: 788, massPerMebibyte: 7245)
    case (.slow, .x8): EraseTimes(sector16: 800, sector64: 2400, sector128: 4000, massPerMebibyte: 32_000)
    case (.slow, .x16): EraseTimes(sector16: 600, sector64: 1400, sector128: 2600, massPerMebibyte: 22_000)
    // The data sheets give no maximum for x64; a slow part takes as long as at x32.
    case (.slow, .x32), (.slow, .x64):
      EraseTimes(sector16: 500, sector64: 1100, sector128: 2000, massPerMebibyte: 16_000)
    }
  }
}
