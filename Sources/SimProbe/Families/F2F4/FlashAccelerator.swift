/// How long the core waits for the flash: wait states, the 128-bit read buffer, prefetch and the two caches of ST's
/// "ART accelerator" (RM0090, 3.5; RM0033, 2.4 for the F2, which has the same).
///
/// A line of 128 bits comes from the flash in one read of LATENCY + 1 cycles. Instructions of the line that came last do
/// not wait. With PRFTEN the next line is read as soon as one has come; with ICEN every line that was waited for and not
/// prefetched is kept among 64, with DCEN every line of constants among 8; the least recently used gives way. Only
/// times are modelled: what the core reads is what the flash holds.
final class FlashAccelerator {
  /// FLASH_ACR.LATENCY: the wait states of a read.
  private(set) var latency: UInt32 = 0
  /// Whether address 0 shows the main flash.
  var isAliasedAtZero = true

  private var prefetches = false
  private var instructions = LineCache(count: 64)
  private var constants = LineCache(count: 8)
  private var cachesInstructions = false
  private var cachesConstants = false
  /// The line in the read buffer.
  private var bufferedLine: UInt32 = .max
  /// The line that is being read ahead, and the cycle at which it has come.
  private var prefetchedLine: UInt32 = .max
  private var prefetchEnd: UInt64 = 0
  /// Counts the reads that have changed anything here.
  private(set) var readCount: UInt64 = 0

  /// The size of a line in bytes.
  static let lineSize: UInt32 = 16

  private static let latencyMask: UInt32 = 0xF
  private static let prefetchEnable: UInt32 = 1 << 8
  private static let instructionCacheEnable: UInt32 = 1 << 9
  private static let dataCacheEnable: UInt32 = 1 << 10
  private static let instructionCacheReset: UInt32 = 1 << 11
  private static let dataCacheReset: UInt32 = 1 << 12

  deinit {
    instructions.deallocate()
    constants.deallocate()
  }

  /// Takes the value of FLASH_ACR.
  func configure(accessControl: UInt32) {
    latency = accessControl & Self.latencyMask
    prefetches = accessControl & Self.prefetchEnable != 0
    cachesInstructions = accessControl & Self.instructionCacheEnable != 0
    cachesConstants = accessControl & Self.dataCacheEnable != 0
    if accessControl & Self.instructionCacheReset != 0 { instructions.removeAll() }
    if accessControl & Self.dataCacheReset != 0 { constants.removeAll() }
    if !prefetches { prefetchedLine = .max }
  }

  /// Forgets everything, as a reset does.
  func reset() {
    configure(accessControl: Self.instructionCacheReset | Self.dataCacheReset)
    bufferedLine = .max
  }

  /// Whether an address lies in the main flash and reading it may have to wait.
  @inline(__always)
  func delays(_ address: UInt32) -> Bool {
    latency != 0 && address < 0x1000_0000 && (address >= 0x0800_0000 || isAliasedAtZero)
  }

  /// The line of an address, the same for the flash and its alias at 0.
  @inline(__always)
  private static func line(_ address: UInt32) -> UInt32 { (address & 0x07FF_FFFF) / lineSize }

  /// The cycles that a fetch waits which begins at a cycle.
  @inline(__always)
  func fetchDelay(_ address: UInt32, at cycle: UInt64) -> UInt64 {
    let line = Self.line(address)
    return line == bufferedLine ? 0 : fetchDelay(newLine: line, at: cycle)
  }

  private func fetchDelay(newLine line: UInt32, at cycle: UInt64) -> UInt64 {
    readCount &+= 1
    bufferedLine = line
    if cachesInstructions, instructions.contains(line) { return 0 }
    let delay: UInt64
    if line == prefetchedLine {
      delay = prefetchEnd > cycle ? prefetchEnd - cycle : 0
    } else {
      delay = UInt64(latency)
      if cachesInstructions { instructions.insert(line) }
    }
    if prefetches {
      prefetchedLine = line + 1
      prefetchEnd = cycle + delay + UInt64(latency)
    }
    return delay
  }

  /// The cycles that a load from the flash waits.
  func loadDelay(_ address: UInt32) -> UInt64 {
    let line = Self.line(address)
    guard cachesConstants else { return UInt64(latency) }
    readCount &+= 1
    if constants.contains(line) { return 0 }
    constants.insert(line)
    return UInt64(latency)
  }
}

/// What the accelerator's future times depend on.
extension FlashAccelerator {
  /// Everything that decides how long later reads wait, with times counted from a cycle.
  struct Times: Equatable {
    fileprivate let bufferedLine: UInt32
    fileprivate let prefetchedLine: UInt32
    fileprivate let prefetchLeft: UInt64
    fileprivate let instructions: [UInt32]
    fileprivate let constants: [UInt32]
  }

  /// The times as they are at a cycle.
  func times(at cycle: UInt64) -> Times {
    Times(
      bufferedLine: bufferedLine, prefetchedLine: prefetchedLine,
      prefetchLeft: prefetchEnd > cycle ? prefetchEnd - cycle : 0, instructions: instructions.linesByAge,
      constants: constants.linesByAge)
  }

  /// Lets cycles pass in which the same reads went on: what is under way ends so much later.
  func postpone(by cycles: UInt64) {
    if prefetchedLine != .max { prefetchEnd += cycles }
  }
}

/// The tags of a fully associative cache that replaces the line that was not used for longest.
private struct LineCache {
  private let count: Int
  private let lines: UnsafeMutablePointer<UInt32>
  private let lastUses: UnsafeMutablePointer<UInt64>
  /// Where a line was put, by the line's low bits: a guess that saves looking through all lines.
  private let guesses: UnsafeMutablePointer<UInt8>
  private var uses: UInt64 = 0

  private static let guessCount = 256
  private static let noLine: UInt32 = .max

  init(count: Int) {
    self.count = count
    lines = .allocate(capacity: count)
    lines.initialize(repeating: Self.noLine, count: count)
    lastUses = .allocate(capacity: count)
    lastUses.initialize(repeating: 0, count: count)
    guesses = .allocate(capacity: Self.guessCount)
    guesses.initialize(repeating: 0, count: Self.guessCount)
  }

  func deallocate() {
    lines.deallocate()
    lastUses.deallocate()
    guesses.deallocate()
  }

  mutating func removeAll() {
    lines.update(repeating: Self.noLine, count: count)
    lastUses.update(repeating: 0, count: count)
  }

  /// The lines, the one that was not used for longest first.
  var linesByAge: [UInt32] {
    (0..<count).sorted { (lastUses[$0], $0) < (lastUses[$1], $1) }.map { lines[$0] }
  }

  /// Whether a line is there; it counts as used now.
  mutating func contains(_ line: UInt32) -> Bool {
    var index = Int(guesses[Int(line) % Self.guessCount])
    if lines[index] != line {
      guard let found = (0..<count).first(where: { lines[$0] == line }) else { return false }
      index = found
      guesses[Int(line) % Self.guessCount] = UInt8(index)
    }
    uses += 1
    lastUses[index] = uses
    return true
  }

  /// Puts a line in the place of the least recently used one.
  mutating func insert(_ line: UInt32) {
    var oldest = 0
    for index in 1..<count where lastUses[index] < lastUses[oldest] { oldest = index }
    uses += 1
    lines[oldest] = line
    lastUses[oldest] = uses
    guesses[Int(line) % Self.guessCount] = UInt8(oldest)
  }
}
