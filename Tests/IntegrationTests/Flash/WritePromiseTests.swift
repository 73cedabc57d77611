import Engine
import Foundation
import LinkInterface
import SimProbe
import TestSupport
import Testing

/// What a write promises, against every combination of its options: the whole flash is compared, not the image.
@Suite("What a write promises")
struct WritePromiseTests {
  /// Each combination of the flags once, with one of the widths.
  ///
  /// The comment of a failure tells the seed, with which a `WriteCase` repeats it. STFLASH_WRITE_CASES=N tries N more of
  /// every combination, on larger chips too.
  @Test(arguments: WriteCase.Options.all.indices)
  func `the whole flash holds what the documentation says, whatever the options`(index: Int) throws {
    let options = WriteCase.Options.all[index]
    let rounds = ProcessInfo.processInfo.environment["STFLASH_WRITE_CASES"].flatMap(UInt64.init) ?? 0
    if index % 4 == index / 4 % 4 { try WriteCase(seed: UInt64(index), options, isQuick: true).check() }
    for round in 0..<rounds { try WriteCase(seed: (round + 1) * 1000 + UInt64(index), options).check() }
  }
}

/// One write of a random image over random contents with some options.
struct WriteCase {
  struct Options: Equatable, CustomTestStringConvertible {
    var skipsEqual: Bool
    var erasesAll: Bool
    var keeps: Bool
    var usesLoader: Bool
    var width: Parallelism?
    var verifies: Bool

    static let all: [Options] = {
      var all: [Options] = []
      for bits in 0..<32 {
        for width in [nil, Parallelism.x8, .x16, .x32] {
          all.append(
            Options(
              skipsEqual: bits & 1 != 0, erasesAll: bits & 2 != 0, keeps: bits & 4 == 0, usesLoader: bits & 8 == 0,
              width: width, verifies: bits & 16 == 0))
        }
      }
      return all
    }()

    var testDescription: String {
      [
        skipsEqual ? "--skip-equal" : nil, erasesAll ? "--erase-all" : nil, keeps ? nil : "--no-keep",
        usesLoader ? nil : "--no-loader", width.map { "--width \($0.byteCount * 8)" }, verifies ? nil : "--no-verify",
      ].compactMap { $0 }.joined(separator: " ")
    }
  }

  /// A chip with its sectors in KiB, by the manuals' tables (RM0090, tables 5 and 6; RM0368, table 5; RM0401, table 5).
  struct Target {
    var name: String
    var sectors: [Int]
    var isInTwoBanks = false

    static let f410 = Target(name: "stm32f410c8", sectors: [16, 16, 16, 16])
    static let f401 = Target(name: "stm32f401cb", sectors: [16, 16, 16, 16, 64])
    static let f207 = Target(name: "stm32f207zc", sectors: [16, 16, 16, 16, 64, 128])
    static let f407 = Target(name: "stm32f407ve", sectors: [16, 16, 16, 16, 64, 128, 128, 128])
    static let f429 = Target(
      name: "stm32f429zg",
      sectors: [16, 16, 16, 16, 64, 128, 128, 128, 16, 16, 16, 16, 64, 128, 128, 128], isInTwoBanks: true)
    static let f469 = Target(
      name: "stm32f469ni", sectors: [1, 2].flatMap { _ in [16, 16, 16, 16, 64] + Array(repeating: 128, count: 7) })

    static let all = [f410, f401, f401, f207, f407, f429, f469]

    /// The offsets of each sector.
    var ranges: [Range<Int>] {
      var start = 0
      return sectors.map {
        start += $0 * 1024
        return start - $0 * 1024..<start
      }
    }
  }

  let seed: UInt64
  let options: Options
  let target: Target
  /// The image: bytes by offset.
  private(set) var image: [(offset: Int, bytes: [UInt8])] = []
  private(set) var before: [UInt8] = []

  init(seed: UInt64, _ options: Options, isQuick: Bool = false) {
    var random = SeededGenerator(seed: seed)
    self.seed = seed
    self.options = options
    // The small ones are quicker, and as good for most.
    target = (isQuick ? [.f410, .f401] : Target.all).randomElement(using: &random) ?? .f410
    image = pieces(&random)
    before = contents(&random)
  }

  /// What the documentation promises: bytes of a touched sector are kept unless that is not wanted, other sectors are
  /// not touched unless everything is erased, and the image is there.
  private func promised(over before: [UInt8]) -> [UInt8] {
    var flash = before
    let touched = target.ranges.filter { sector in
      image.contains { sector.overlaps($0.offset..<$0.offset + $0.bytes.count) }
    }
    for sector in options.erasesAll ? target.ranges : options.keeps ? [] : touched {
      flash.replaceSubrange(sector, with: repeatElement(0xFF, count: sector.count))
    }
    for piece in image { flash.replaceSubrange(piece.offset..<piece.offset + piece.bytes.count, with: piece.bytes) }
    return flash
  }

  func check() throws {
    let bench = try SimulatedBench(target.name)
    if target.isInTwoBanks { bench.setOptions(protection: 0x4FFF) }
    bench.setCells(at: 0, before)
    let session = TargetSession(
      probe: bench.probe(), options: SessionOptions(parallelism: options.width, usesLoader: options.usesLoader))
    try session.open()
    let firmware = try FirmwareImage(
      joining: image.map {
        try #require(FirmwareImage.Segment(address: 0x0800_0000 + UInt32($0.offset), bytes: $0.bytes))
      })
    let plan = try session.plan(
      writing: firmware,
      PlanOptions(
        keepsOtherBytes: options.keeps, skipsEqualSectors: options.skipsEqual, erasesEverything: options.erasesAll),
      isToBeExecuted: true)
    try session.execute(plan, verifies: options.verifies)
    #expect(session.close().problems.isEmpty, "\(comment)")
    let (found, wanted) = (bench.flash, promised(over: before))
    let wrong = found == wanted ? nil : wanted.indices.first { found[$0] != wanted[$0] }
    #expect(wrong == nil, "\(comment): at offset \(wrong ?? 0) of \(image.map { ($0.offset, $0.bytes.count) })")
    #expect(bench.isLockedAndIdle, "\(comment)")
  }

  private var comment: String { "seed \(seed), \(target.name) \(options.testDescription)" }

  // MARK: - Chance

  /// One to five pieces with odd ends, most of them near the begin of a sector or across its end; some are blank.
  private func pieces(_ random: inout SeededGenerator) -> [(Int, [UInt8])] {
    var pieces: [(offset: Int, bytes: [UInt8])] = []
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let sector = target.ranges.randomElement(using: &random) ?? 0..<1
      let offset =
        [
          sector.lowerBound, sector.lowerBound + Int.random(in: 0..<700, using: &random),
          sector.upperBound - Int.random(in: 1...200, using: &random),
        ].randomElement(using: &random) ?? 0
      let size = [1, 3, 16, 100, 1500, 9000, sector.count].randomElement(using: &random) ?? 1
      let range = offset..<min(offset + size, before(last: target.ranges))
      if pieces.contains(where: { range.overlaps($0.offset - 1..<$0.offset + $0.bytes.count + 1) }) { continue }
      var bytes = random.filling(range.count)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes = [UInt8](repeating: 0xFF, count: range.count)
      case 1, 2:
        // A table that a program could start from.
        bytes.replaceSubrange(0..<min(8, bytes.count), with: [0, 0x10, 0, 0x20, 0x41, 1, 0, 8].prefix(bytes.count))
      default: break
      }
      pieces.append((range.lowerBound, bytes))
    }
    return pieces.sorted { $0.offset < $1.offset }
  }

  private func before(last ranges: [Range<Int>]) -> Int { ranges.last?.upperBound ?? 0 }

  /// A chip whose sectors are blank, full of something, hold what they should, or nearly do.
  private func contents(_ random: inout SeededGenerator) -> [UInt8] {
    var flash = [UInt8](repeating: 0xFF, count: before(last: target.ranges))
    let isNearlyRight = Bool.random(using: &random)
    for sector in target.ranges {
      let kind = Int.random(in: 0..<5, using: &random)
      if kind == 0 { continue }
      if kind < 3 {
        let stretch = min(sector.count, [1, 40, 5000, sector.count].randomElement(using: &random) ?? 1)
        let start = sector.lowerBound + Int.random(in: 0...sector.count - stretch, using: &random)
        flash.replaceSubrange(start..<start + stretch, with: random.filling(stretch))
      }
      if kind > 1 || isNearlyRight {
        for piece in image {
          let part = (piece.offset..<piece.offset + piece.bytes.count).clamped(to: sector)
          if part.isEmpty { continue }
          flash.replaceSubrange(
            part, with: piece.bytes[part.lowerBound - piece.offset..<part.upperBound - piece.offset])
        }
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        flash[Int.random(in: sector, using: &random)] ^= 1
      }
    }
    return flash
  }
}

extension SeededGenerator {
  /// Many bytes: a random pattern whose length is a prime, over and over.
  fileprivate mutating func filling(_ count: Int) -> [UInt8] {
    let pattern = bytes(min(count, 509))
    var filling: [UInt8] = []
    while filling.count < count { filling += pattern }
    return Array(filling.prefix(count))
  }
}
