import Engine
import Foundation
import ProbeInterface
import TestSupport
import Testing

@testable import SimProbe

/// A write of 64 KiB that ends at any of its USB transfers: no half of a firmware is ever left that could start.
///
/// Debug builds try some of the transfers; `STFLASH_EVERY_TRANSFER=1` tries every single one.
@Suite struct InterruptedWriteTests {
  /// How a write ends.
  enum Interruption: String, CaseIterable {
    /// The board loses its supply, and gets it back later.
    case unpowered
    /// The probe is unplugged; the chip keeps its supply and goes on with what it has.
    case unplugged
  }

  private static let target = "stm32f407vg"
  private static let base: UInt32 = 0x0800_0000
  private static let image = firmware(seed: 64)
  private static let oldImage = firmware(seed: 46)

  /// 64 KiB with a valid vector table.
  private static func firmware(seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    return start + random.bytes(65536 - start.count)
  }

  /// A bench whose chip runs the old firmware.
  private func bench(_ faults: [String]) throws -> SimulatedBench {
    let faults = try faults.map { try Fault($0) }
    let bench = try SimulatedBench(Self.target) { $0.faults = faults }
    bench.setCells(at: 0, Self.oldImage)
    bench.simulation.board.cyclePower()
    bench.simulation.clock.advance(by: 10_000_000)
    return bench
  }

  private func write(over probe: any Probe) throws {
    let session = TargetSession(probe: probe)
    defer { session.close() }
    try session.open()
    try session.execute(
      try session.plan(writing: try #require(FirmwareImage(address: Self.base, bytes: Self.image))))
  }

  /// The number of bulk transfers of a write that nothing interrupts.
  private func transferCount() throws -> Int {
    let bench = try bench([])
    let counter = Counter()
    bench.simulation.device.transferBegins = { counter.value += 1 }
    try write(over: bench.probe())
    #expect(bench.cells(0..<65536) == Self.image)
    return counter.value
  }

  private final class Counter {
    var value = 0
  }

  @Test(arguments: Interruption.allCases)
  func `a write that ends anywhere leaves no half of a firmware, and the next one succeeds`(
    interruption: Interruption
  ) throws {
    let count = try transferCount()
    let isComplete = ProcessInfo.processInfo.environment["STFLASH_EVERY_TRANSFER"] != nil
    // A prime, so that every kind of transfer has its turn.
    for transfer in stride(from: 1, through: count, by: isComplete ? 1 : 211) {
      let bench = try bench(["\(interruption.rawValue)@transfer=\(transfer)"])
      let told: Bool
      do {
        try write(over: bench.probe())
        told = false
      } catch {
        told = true
      }
      let isWritten = bench.cells(0..<65536) == Self.image
      #expect(told || isWritten, "\(interruption) at transfer \(transfer) of \(count)")
      // Longer than all that the loader may still hold in its ring takes.
      bench.simulation.clock.advance(by: 3_000_000_000)
      bench.simulation.board.chip.synchronise()
      #expect(!startsHalfFirmware(bench), "\(interruption) at transfer \(transfer) of \(count)")
      bench.restore()
      try write(over: bench.probe())
      #expect(bench.cells(0..<65536) == Self.image, "after \(interruption) at transfer \(transfer) of \(count)")
    }
  }

  /// Whether the chip would start what is neither the old firmware nor the new one.
  private func startsHalfFirmware(_ bench: SimulatedBench) -> Bool {
    let cells = bench.cells(0..<65536)
    let (stack, entry) = (word(cells, 0), word(cells, 4))
    let isValid = (0x2000_0000...0x2002_0000).contains(stack) && (0x0800_0001..<0x0810_0000).contains(entry)
    return isValid && entry & 1 != 0 && cells != Self.image && cells != Self.oldImage
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }
}
