import Foundation
import TestSupport
import Testing

@testable import Engine

/// The RAM loader on the simulated core: what it does to the flash, and how it stops.
@Suite struct LoaderCodeTests {
  private static let assembler = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../scripts/assemble-loader").standardizedFileURL

  @Test(arguments: [UInt32(0), 1, 2], ["stm32f407vg", "stm32f207zg", "stm32f410cb"])
  func `a sector is erased, programmed in each width and found not blank`(width: UInt32, chip: String) throws {
    var random = SeededGenerator(seed: 7 + UInt64(width))
    let data = (0..<300).map { _ in UInt32.random(in: 1...UInt32.max - 1, using: &random) }
    let bench = try LoaderBench(chip)
    let erase: UInt32 = 0x1_0002 | 1 << 3 | width << 8
    var commands: [UInt32] = [1, erase, 2, 0x0800_4000, UInt32(data.count), 1 | width << 8]
    commands += data
    commands += [4, 0x0800_4000 + UInt32(data.count * 4), 64, 4, 0x0800_4000, 64, 5]
    let outcome = try bench.run(commands)
    #expect(
      outcome == LoaderBench.Outcome(status: 1, flashStatus: 0, address: 0, result: 0x0800_4000, count: 2),
      "seed \(random.seed)")
    #expect(try bench.read(at: 0x0800_4000, count: data.count) == data, "seed \(random.seed)")
    #expect(try bench.read(at: 0x4002_3C10, count: 1) == [width << 8], "PG is off between runs")
  }

  @Test func `the first error stops it, with the address and the status`() throws {
    let bench = try LoaderBench()
    // 64 bits without VPP is refused by the controller.
    let outcome = try bench.run([2, 0x0800_0000, 4, 0x301, 1, 2, 3, 4, 5])
    #expect(outcome.status == 2)
    #expect(outcome.flashStatus & 0xF0 != 0)
    #expect((0x0800_0000...0x0800_0004).contains(outcome.address))
  }

  @Test func `a command that it does not know stops it`() throws {
    #expect(try LoaderBench().run([9]).status == 3)
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
