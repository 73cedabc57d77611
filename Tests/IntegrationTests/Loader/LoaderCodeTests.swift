import Basics
import Foundation
import LinkInterface
import TestSupport
import Testing

@testable import Engine

/// The RAM loader on the simulated core: what it does to the flash, and how it stops.
@Suite struct LoaderCodeTests {
  private static let assembler = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../scripts/assemble-loader").standardizedFileURL

  @Test(arguments: [UInt32(0), 1, 2], ["stm32f407vg", "stm32f207zg", "stm32f410cb"])
  func `a sector is erased, programmed in each width, summed and found not blank`(width: UInt32, chip: String) throws {
    var random = SeededGenerator(seed: 7 + UInt64(width))
    let data = (0..<301).map { _ in UInt32.random(in: 1...UInt32.max - 1, using: &random) }
    let bench = try LoaderBench(chip)
    let behind = 0x0800_4000 + UInt32(304 * 4)
    var commands: [UInt32] = [1, 0x1_0002 | 1 << 3 | width << 8]
    commands += [2, 1 | width << 8, 0x0800_4000, UInt32(data.count)] + data
    commands += [4, behind, 64, 4, 0x0800_4000, 64, 4, behind - 32, 64, 3, 0x0800_4000, UInt32(data.count)]
    let outcome = try bench.run(commands, count: 6)
    try #require(outcome.results.count == 6, "seed \(random.seed): \(outcome)")
    #expect((outcome.status, outcome.flashStatus) == (0, 0), "seed \(random.seed)")
    // 16 MHz; the erase of 16 KiB takes 0.22 to 0.36 s, an access 16 us.
    #expect((3_500_000...5_800_000).contains(outcome.results[0]), "\(outcome.results[0]) cycles")
    let accesses = UInt32(data.count) * (4 >> width)
    #expect((256 * accesses...300 * accesses).contains(outcome.results[1]), "\(outcome.results[1]) cycles")
    #expect(outcome.results[2...4] == [0, 0x0800_4000, behind - 32])
    let bytes = data.flatMap(\.littleEndianBytes)
    #expect(outcome.results[5] == ChecksumUnit.sum(of: bytes), "seed \(random.seed)")
    #expect(try bench.read(at: 0x0800_4000, count: data.count) == data, "seed \(random.seed)")
    #expect(try bench.read(at: 0x4002_3C10, count: 1) == [width << 8], "PG is off between runs")
  }

  /// Blocks that go on from each other, one elsewhere, and one that goes on from the first ones again.
  @Test(arguments: ["stm32f407vg", "stm32f207zg", "stm32f410cb"])
  func `packed blocks are programmed as they were before, within the times of the controller`(chip: String) throws {
    var random = SeededGenerator(seed: 21)
    let bench = try LoaderBench(chip)
    var packer = LoaderPacker()
    var commands: [UInt32] = []
    var blocks: [FlashBlock] = []
    for address in [0x0800_4000, 0x0800_4C00, 0x0800_8000, 0x0800_5800] as [UInt32] {
      let block = FlashBlock(address: address, bytes: RepetitiveBytes.make(3072, &random))
      let shorter = packer.pack(block)
      let packed = try #require(shorter, "seed \(random.seed)")
      commands += [5, 0x201, address, 768, UInt32(packed.count / 4)]
      commands += (0..<packed.count / 4).map { packed.littleEndianWord(at: $0 * 4) }
      blocks.append(block)
    }
    let outcome = try bench.run(commands, count: 4)
    try #require(outcome.results.count == 4, "seed \(random.seed): \(outcome)")
    #expect((outcome.status, outcome.flashStatus) == (0, 0), "seed \(random.seed)")
    for (block, cycles) in zip(blocks, outcome.results) {
      let found = try bench.read(at: block.address, count: 768)
      #expect(found.flatMap(\.littleEndianBytes) == block.bytes, "seed \(random.seed), \(block.address)")
      // Unpacking hides behind the 256 cycles of the word before.
      #expect((256 * 768...290 * 768).contains(cycles), "\(cycles / 768) cycles a word")
    }
    #expect(try bench.read(at: 0x4002_3C10, count: 1) == [0x200], "PG is off between runs")
  }

  @Test func `the first error stops it, with the address and the status`() throws {
    let bench = try LoaderBench()
    // 64 bits without VPP is refused by the controller.
    let outcome = try bench.run([2, 0x301, 0x0800_0000, 4, 1, 2, 3, 4], count: 1)
    #expect(outcome.status == 1)
    #expect(outcome.flashStatus & 0xF0 != 0)
    #expect((0x0800_0000...0x0800_0004).contains(outcome.address))
    #expect(outcome.results.isEmpty)
  }

  @Test func `the first error while it unpacks stops it too`() throws {
    let bench = try LoaderBench()
    // 64 bits are selected, which the controller refuses without VPP.
    var packer = LoaderPacker()
    let block = FlashBlock(address: 0x0800_0000, bytes: [UInt8](repeating: 7, count: 64))
    let shorter = packer.pack(block)
    let packed = try #require(shorter)
    let words = (0..<packed.count / 4).map { packed.littleEndianWord(at: $0 * 4) }
    let outcome = try bench.run([5, 0x301, 0x0800_0000, 16, UInt32(words.count)] + words, count: 1)
    #expect(outcome.status == 1)
    #expect(outcome.flashStatus & 0xF0 != 0)
    #expect(outcome.address == 0x0800_0000)
    #expect(outcome.results.isEmpty)
  }

  @Test func `a command that it does not know stops it`() throws {
    #expect(try LoaderBench().run([9], count: 1).status == 2)
  }

  @Test func `a loader that hears nothing for ten seconds locks the controller and stops`() throws {
    let bench = try LoaderBench()
    let started = bench.link.clock.now
    #expect(try bench.run([], count: 1).status == 3)
    #expect((.seconds(9)...(.seconds(14))).contains(bench.link.clock.now - started))
    #expect(try bench.read(at: 0x4002_3C10, count: 1) == [0x8000_0000])
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: assembler.path), "scripts/assemble-loader is missing"))
  func `the committed words are what the toolchain assembles`() throws {
    let process = Process()
    process.executableURL = LoaderCodeTests.assembler
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.split(separator: "\n").compactMap { UInt32($0, radix: 16) } == LoaderCode.words)
  }
}
