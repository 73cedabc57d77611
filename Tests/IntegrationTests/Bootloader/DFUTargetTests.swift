import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// The engine's host of AN3156 against the simulated ROM bootloaders.
@Suite("Chips by their ROM bootloader on USB")
struct DFUTargetTests {
  static let chips = [
    "stm32f207zg", "stm32f407vg", "stm32f429zi", "stm32f446re", "stm32f401cb", "stm32f401re", "stm32f411re",
    "stm32f469ni", "stm32f412ce", "stm32f413zh",
  ]

  @Test(arguments: chips)
  func `a firmware is written at any die's bootloader, and a probe finds it`(name: String) throws {
    let board = try BootloaderBench(name)
    board.bench.setCells(at: 0, [UInt8](repeating: 0x5A, count: 5000))
    var warnings: [String] = []
    let target = try board.dfuTarget { if case .warning(let text) = $0 { warnings.append("\(text)") } }
    #expect(target.device?.flashByteCount == board.bench.flash.count)
    let firmware = try TestImage.firmware(4700)
    try target.write(firmware, PlanOptions(keepsOtherBytes: false))
    let bytes = firmware.segments[0].bytes
    #expect(board.bench.cells(0..<5000) == bytes + [UInt8](repeating: 0xFF, count: 300))
    #expect(board.bench.isLockedAndIdle)
    #expect(target.close(leaving: nil).isClean)
    #expect(warnings == [])

    let session = TargetSession(probe: board.bench.probe())
    try session.open()
    try session.verify(firmware)
    session.close()
  }

  @Test func `chips without USB show nothing`() throws {
    #expect(try BootloaderBench("stm32f410cb").bench.simulation.openBoardUSB() == nil)
    let old = try BootloaderBench("stm32f207zg")
    try old.installBootloader(0x20)
    #expect(old.bench.simulation.openBoardUSB() == nil)
  }

  @Test func `bytes that the image does not mention survive`() throws {
    let board = try BootloaderBench("stm32f446re")
    let old = [UInt8](repeating: 0x5A, count: 300)
    board.bench.setCells(at: 16_384 + 3000, old)
    let firmware = try TestImage.image(0x0800_4000, [UInt8](repeating: 7, count: 100))
    try board.dfuTarget().write(firmware)
    #expect(board.bench.cells(16_384..<16_484) == firmware.segments[0].bytes)
    #expect(board.bench.cells(16_384 + 3000..<16_384 + 3300) == old)
  }
}
