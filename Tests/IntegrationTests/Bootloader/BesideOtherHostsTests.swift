import Engine
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// A write by the bootloader beside the dialogue of stm32flash 0.7, as it was captured with `-w -v`.
///
/// On the same simulated chip, in its time. `scripts/compare-bootloader-tools` does the same with the program itself.
@Suite struct BesideOtherHostsTests {
  /// The other program's end of a line.
  private struct Dialogue {
    let line: any SerialLine

    private func send(_ bytes: [UInt8], expecting count: Int = 1) throws -> [UInt8] {
      try line.send(bytes, within: .seconds(1))
      let answer = try line.receive(count, within: .seconds(20))
      try #require(answer.first == 0x79, "\(bytes.prefix(8)) was answered by \(answer)")
      return answer
    }

    private func withSum(_ bytes: [UInt8]) -> [UInt8] { bytes + [bytes.reduce(0, ^)] }

    private func address(_ address: UInt32) -> [UInt8] {
      withSum((0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * UInt32($0))) })
    }

    /// Synchronises, asks who is there, erases sectors, and writes and reads back block by block.
    func write(_ bytes: [UInt8], erasing sectors: [UInt8]) throws {
      try line.configure(SerialSettings(baudRate: 115_200, parity: .even))
      _ = try send([0x7F])
      _ = try send([0x01, 0xFE], expecting: 5)
      _ = try send([0x00, 0xFF], expecting: 15)
      _ = try send([0x02, 0xFD], expecting: 5)
      _ = try send([0x44, 0xBB])
      _ = try send(withSum([0, UInt8(sectors.count - 1)] + sectors.flatMap { [0, $0] }))
      for start in stride(from: 0, to: bytes.count, by: 256) {
        let block = Array(bytes[start..<min(start + 256, bytes.count)])
        let place = address(0x0800_0000 + UInt32(start))
        _ = try send([0x31, 0xCE])
        _ = try send(place)
        _ = try send(withSum([UInt8(block.count - 1)] + block))
        _ = try send([0x11, 0xEE])
        _ = try send(place)
        let count = UInt8(block.count - 1)
        #expect(try send([count, ~count], expecting: 1 + block.count).dropFirst() == block[...])
      }
    }
  }

  private static func bytes(_ count: Int, seed: UInt64) throws -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return try TestImage.firmware(64).segments[0].bytes + random.bytes(count - 64)
  }

  /// A chip that has held something for long, and what another program and we take to write something else.
  private func ratio(of image: FirmwareImage, as flat: [UInt8], over old: [UInt8], _ sectors: [UInt8]) throws -> Double
  {
    let times = try [true, false].map { isOther in
      let board = try BootloaderBench("stm32f412ce")
      board.bench.setCells(at: 0, old)
      let started = board.bench.simulation.time
      if isOther {
        try Dialogue(line: board.line()).write(flat, erasing: sectors)
      } else {
        try board.target().write(image, PlanOptions(keepsOtherBytes: false, skipsEqualSectors: true))
      }
      #expect(board.bench.cells(0..<flat.count) == flat)
      return board.bench.simulation.time - started
    }
    return times[1] / times[0]
  }

  @Test func `what all differs takes what it takes, and hardly a question more`() throws {
    let bytes = try Self.bytes(10_240, seed: 3)
    let ratio = try ratio(
      of: try TestImage.image(0x0800_0000, bytes), as: bytes, over: [UInt8](repeating: 0, count: 16_384), [0])
    #expect(ratio < 1.02, "\(ratio)")
  }

  @Test func `what lies between two programs is not sent, and what stands already is compared alone`() throws {
    let programs = [try Self.bytes(2048, seed: 4), try Self.bytes(2048, seed: 5)]
    let image = try FirmwareImage(
      joining: zip([0x0800_0000, 0x0800_4000] as [UInt32], programs).compactMap {
        FirmwareImage.Segment(address: $0.0, bytes: $0.1)
      })
    let flat = programs[0] + [UInt8](repeating: 0xFF, count: 0x4000 - 2048) + programs[1]
    #expect(try ratio(of: image, as: flat, over: [UInt8](repeating: 0, count: 32_768), [0, 1]) < 0.4)
    let same = try Self.bytes(16_384, seed: 6)
    #expect(try ratio(of: try TestImage.image(0x0800_0000, same), as: same, over: same, [0]) < 0.6)
  }
}
