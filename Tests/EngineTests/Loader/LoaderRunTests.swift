import Basics
import TestSupport
import Testing

@testable import Engine

@Suite("Jobs on their way through the ring")
struct LoaderRunTests {
  private static let second = FlashTiming.Bounds(typical: .seconds(1), maximum: .seconds(2))

  private func erase(_ control: UInt32 = 0x1_000A) -> LoaderJob {
    LoaderJob(command: .erase(FlashControl(rawValue: control)), action: "erasing", time: LoaderRunTests.second)
  }

  private func program(_ byteCount: Int, seed: UInt64 = 1) -> LoaderJob {
    var random = SeededGenerator(seed: seed)
    let block = FlashBlock(address: 0x0800_4000, bytes: random.bytes(byteCount))
    return LoaderJob(
      command: .program(block, .programming(.x32)), action: "programming",
      time: FlashTiming.f2f4.program(byteCount: byteCount, .x32))
  }

  @Test func `the commands' words are those of the loader's source`() {
    let commands: [LoaderCommand] = [
      .erase(FlashControl(rawValue: 0x1_022A)),
      .program(FlashBlock(address: 0x0800_4000, bytes: [1, 2, 3, 4, 5, 6, 7, 8]), .programming(.x32)),
      .unpack(
        FlashBlock(address: 0x0800_4000, bytes: [UInt8](repeating: 1, count: 64)), packed: [1, 2, 3, 4, 5, 6, 7, 8],
        .programming(.x32)),
      .sum(0x0800_0000..<0x0800_4000), .findProgrammed(0x0802_0000..<0x0804_0000),
    ]
    #expect(
      commands.map(\.header) == [
        [1, 0x1_022A], [2, 0x201, 0x0800_4000, 2], [5, 0x201, 0x0800_4000, 16, 2], [3, 0x0800_0000, 0x1000],
        [4, 0x0802_0000, 0x8000],
      ])
    #expect(commands.map(\.ringByteCount) == [8, 24, 28, 12, 12])
  }

  @Test(arguments: [4, 12, 64, 100, 4096])
  func `pieces of any size put together are the commands`(pieceByteCount: Int) {
    let jobs = [erase(), program(1600), erase(), program(16)]
    var run = LoaderRun(jobs, position: 0, now: .zero)
    var bytes: [UInt8] = []
    while run.unsent > 0 {
      let piece = run.take(pieceByteCount)
      #expect(!piece.isEmpty && piece.count <= pieceByteCount)
      bytes += piece
    }
    #expect(bytes == jobs.flatMap { $0.command.header.flatMap(\.littleEndianBytes) + $0.command.data })
    let isDrained = run.take(pieceByteCount).isEmpty
    #expect(isDrained)
  }

  @Test func `a command that is packed when its turn comes is counted as what it has become`() {
    let jobs = [program(1600), erase(), program(3200, seed: 2)]
    let packed: [UInt8] = Array(1...200)
    var run = LoaderRun(jobs, position: 0, now: .zero)
    var bytes: [UInt8] = []
    while run.unsent > 0 {
      if case .program(let block, let control) = run.beginningBlock, block.bytes.count == 3200 {
        run.replaceCommand(.unpack(block, packed: packed, control))
      }
      bytes += run.take(100, endsBeforeBlocks: true)
    }
    #expect(bytes == run.jobs.flatMap { $0.command.header.flatMap(\.littleEndianBytes) + $0.command.data })
    #expect(bytes.count == 16 + 1600 + 8 + 20 + 200)
    _ = run.note(ringConsumed: 16 + 1600 + 8 + 20 + 50, completed: 2, now: .seconds(2))
    #expect(run.consumedData == 800, "a quarter of the packed data stands for a quarter of the block")
    #expect(run.forecast(bytes: nil, now: .seconds(2)) == jobs[2].time.typical * 3 / 4)
  }

  @Test func `no more jobs are sent than there is room for results`() {
    var run = LoaderRun([LoaderJob](repeating: erase(), count: 300), position: 0, now: .zero)
    let first = run.take(10_000).count
    #expect(first == 256 * 8)
    let isFull = run.take(10_000).isEmpty
    #expect(isFull)
    let hasComeOn = run.note(ringConsumed: 80, completed: 10, now: .seconds(1))
    #expect(hasComeOn)
    let second = run.take(10_000).count
    #expect(second == 10 * 8)
  }

  @Test func `the forecast counts what is left, and the time since the last look`() {
    var run = LoaderRun([erase(), program(4000)], position: 0, now: .zero)
    _ = run.take(10_000)
    #expect(run.forecast(bytes: nil, now: .zero) == .milliseconds(1016))
    let isBegun = run.note(ringConsumed: 8, completed: 0, now: .milliseconds(100))
    #expect(isBegun)
    #expect(run.forecast(bytes: nil, now: .milliseconds(300)) == .milliseconds(716))
    #expect(run.forecast(bytes: 0, now: .milliseconds(300)) == .milliseconds(700), "the erase has to end first")
    let isErased = run.note(ringConsumed: 8 + 16 + 2000, completed: 1, now: .seconds(1))
    #expect(isErased)
    #expect(run.consumedData == 2000)
    #expect(run.forecast(bytes: 1000, now: .seconds(1)) == .milliseconds(4))
    #expect(run.forecast(bytes: nil, now: .seconds(2)) == .zero)
  }

  @Test func `a job is overdue after the longest time of the data sheet, and a margin`() {
    var run = LoaderRun([erase(), program(4000)], position: 100, now: .zero)
    #expect(!run.isOverdue(now: .milliseconds(2100), lookDuration: .zero))
    #expect(run.isOverdue(now: .milliseconds(2800), lookDuration: .zero))
    let isTaken = run.note(ringConsumed: 108, completed: 0, now: .milliseconds(2300))
    #expect(isTaken)
    #expect(!run.isOverdue(now: .milliseconds(4400), lookDuration: .zero))
    let isNew = run.note(ringConsumed: 108, completed: 0, now: .milliseconds(4400))
    #expect(!isNew, "nothing new")
    let isDone = run.note(ringConsumed: 500, completed: 1, now: .milliseconds(4400))
    #expect(isDone)
    #expect(run.isOverdue(now: .milliseconds(4700), lookDuration: .zero))
  }

  @Test func `a slow SWD clock and a slow chip get their time in proportion`() {
    // 5 kHz: a look at the loader takes a fifth of a second by itself.
    let run = LoaderRun([program(4000)], position: 0, now: .zero)
    #expect(!run.isOverdue(now: .milliseconds(900), lookDuration: .milliseconds(200)))
    #expect(run.isOverdue(now: .milliseconds(1100), lookDuration: .milliseconds(200)))
    // A chip whose accesses may take a thousand times as long.
    let block = FlashBlock(address: 0x0800_4000, bytes: [UInt8](repeating: 0, count: 4000))
    let slow = LoaderJob(
      command: .program(block, .programming(.x8)), action: "programming",
      time: FlashTiming.Bounds(typical: .seconds(64), maximum: .seconds(400)))
    let slowRun = LoaderRun([slow], position: 0, now: .zero)
    #expect(!slowRun.isOverdue(now: .milliseconds(1100), lookDuration: .zero))
    #expect(slowRun.isOverdue(now: .milliseconds(1300), lookDuration: .zero))
  }

  /// Of CRC-32/MPEG-2, the catalogued name of what the unit computes; bytes of a word from the most significant on.
  @Test(
    arguments: [
      ([] as [UInt32], 0xFFFF_FFFF), ([0], 0xC704_DD7B), ([0xFFFF_FFFF], 0), ([0x1234_5678], 0xDF8A_8A2B),
    ] as [([UInt32], UInt32)])
  func `sums are the CRC unit's`(words: [UInt32], sum: UInt32) {
    #expect(ChecksumUnit.sum(of: words.flatMap(\.littleEndianBytes)) == sum)
  }
}
