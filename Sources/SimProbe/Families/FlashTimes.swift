/// How long flash operations take on a family's parts: the columns of its data sheets.
struct FlashTimes: Equatable, Sendable {
  /// Erase times in milliseconds for one programming width.
  struct Erase: Equatable, Sendable {
    let sector16: UInt64
    let sector64: UInt64
    let sector128: UInt64
    /// A mass erase, for each MiB of the largest bank erased.
    let massPerMebibyte: UInt64
  }

  /// One column of the data sheet.
  struct Column: Equatable, Sendable {
    /// Erase times by programming width, in the order of `Parallelism`.
    let erase: [Erase]
    /// One programming pulse of any width, in nanoseconds.
    let program: UInt64
  }

  let typical: Column
  let slow: Column
}
