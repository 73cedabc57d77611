import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// The engine's host of AN3155 against the simulated ROM bootloaders.
@Suite("Chips by their ROM bootloader")
struct BootloaderTargetTests {
  static let chips = [
    "stm32f207zg", "stm32f407vg", "stm32f429zi", "stm32f446re", "stm32f401cb", "stm32f401re", "stm32f411re",
    "stm32f469ni", "stm32f412ce", "stm32f410cb", "stm32f413zh",
  ]

  @Test(arguments: chips)
  func `a firmware is written at any die's bootloader, and a probe finds it`(name: String) throws {
    let board = try BootloaderBench(name)
    board.bench.setCells(at: 0, [UInt8](repeating: 0x5A, count: 900))
    let target = try board.target(baudRate: 460_800)
    #expect(target.device?.flashByteCount == board.bench.flash.count)
    let firmware = try TestImage.firmware(700)
    try target.write(firmware, PlanOptions(keepsOtherBytes: false))
    let bytes = firmware.segments[0].bytes
    #expect(board.bench.cells(0..<900) == bytes + [UInt8](repeating: 0xFF, count: 200))
    #expect(board.bench.isLockedAndIdle)
    #expect(target.close(leaving: nil).isClean)

    let session = TargetSession(probe: board.bench.probe())
    try session.open()
    try session.verify(firmware)
    session.close()
  }

  @Test func `bytes that the image does not mention survive`() throws {
    let board = try BootloaderBench("stm32f446re")
    let old = [UInt8](repeating: 0x5A, count: 300)
    board.bench.setCells(at: 16_384 + 3000, old)
    let firmware = try TestImage.image(0x0800_4000, [UInt8](repeating: 7, count: 100))
    try board.target(baudRate: 921_600).write(firmware)
    #expect(board.bench.cells(16_384..<16_484) == firmware.segments[0].bytes)
    #expect(board.bench.cells(16_384 + 3000..<16_384 + 3300) == old)
  }

  @Test(arguments: [("stm32f407vg", "USART3"), ("stm32f411re", "USART2"), ("stm32f412zg", "USART2")])
  func `every port of the bootloader will do`(name: String, port: String) throws {
    let target = try BootloaderBench(name).target(at: port)
    #expect(try target.read(address: 0x0800_0000, byteCount: 3) == [0xFF, 0xFF, 0xFF])
  }

  @Test(arguments: [1200, 9600, 57_600, 115_200, 230_400, 921_600, 1_000_000])
  func `every baud rate that the bootloader can measure will do`(baudRate: Int) throws {
    let board = try BootloaderBench("stm32f412ce")
    board.bench.setCells(at: 0, [1, 2, 3])
    let target = try board.target(baudRate: baudRate)
    #expect(try target.read(address: 0x0800_0000, byteCount: 4) == [1, 2, 3, 0xFF])
  }

  @Test func `only what is touched is erased, and in the order in which nothing half starts`() throws {
    let board = try BootloaderBench("stm32f446re")
    board.bench.setCells(at: 0, [UInt8](repeating: 0, count: 65_536))
    let before = board.bench.eraseCounts
    let target = try board.target(baudRate: 460_800)
    try target.write(try TestImage.firmware(500), PlanOptions(keepsOtherBytes: false))
    #expect(zip(board.bench.eraseCounts, before).map { $0 - $1 } == [1] + [UInt32](repeating: 0, count: 31))
  }

  @Test func `sectors of both banks are erased by their numbers`() throws {
    let board = try BootloaderBench("stm32f429zi")
    board.bench.setCells(at: 0x4000, [0])
    board.bench.setCells(at: 0x10_0000, [0])
    board.bench.setCells(at: 0x1E_0000, [0])
    let target = try board.target(baudRate: 921_600)
    let plan = try target.plan(erasing: .sectors([1, 12, 23]))
    try target.execute(plan, verifies: false)
    #expect(board.bench.flash.allSatisfy { $0 == 0xFF })
    board.bench.setCells(at: 0x1F_0000, [0])
    try target.execute(try target.plan(erasing: .all), verifies: false)
    #expect(board.bench.flash.allSatisfy { $0 == 0xFF })
  }

  @Test func `a supply that the user names makes the bootloader work as wide as it allows`() throws {
    let times = try [nil, 3300].map { millivolts in
      let board = try BootloaderBench("stm32f412ce")
      let target = try board.target(SessionOptions(millivolts: millivolts))
      let started = board.bench.simulation.time
      try target.execute(try target.plan(erasing: .all), verifies: false)
      return board.bench.simulation.time - started
    }
    #expect(times[0] > .seconds(7) && times[1] < .seconds(5))
  }

  /// What the wire and the chip need: 536 characters for a block and its read, answers included, the erase, 16 µs a byte.
  @Test(arguments: [57_600, 115_200, 460_800, 1_000_000])
  func `a write takes no longer than the wire and the chip need, but for 3 %`(baudRate: Int) throws {
    let board = try BootloaderBench("stm32f412ce")
    board.bench.setCells(at: 0, [0])
    let target = try board.target(baudRate: baudRate)
    let byteCount = 8 * 256 + 16
    let firmware = try TestImage.firmware(byteCount)
    let choices = PlanOptions(keepsOtherBytes: false)
    let plan = try target.plan(writing: firmware, with: ImageParts(), choices, permitting: OptionPermissions())
    let started = board.bench.simulation.time
    try target.execute(plan, verifies: true, permitting: OptionPermissions())
    let taken = board.bench.simulation.time - started
    // The last block is the vector table's row alone; Extended Erase has ten characters.
    let characters = 8 * (268 + 3 + 9 + 3 + 256) + (28 + 3 + 9 + 3 + 16) + 10
    let wire = Duration.seconds(Double(characters * 11) / Double(baudRate))
    let needed = wire + .microseconds(16 * byteCount) + .milliseconds(300)
    #expect(taken > needed * 0.98 && taken < needed * 1.03, "\(taken) for \(needed)")
  }

  @Test(arguments: [("stm32f207zg", 0x20), ("stm32f407vg", 0x31)] as [(String, UInt8)])
  func `versions that earlier parts have will do`(name: String, identifier: UInt8) throws {
    let board = try BootloaderBench(name)
    try board.installBootloader(identifier)
    board.bench.setCells(at: 0, [0, 0])
    let target = try board.target(baudRate: 460_800)
    let firmware = try TestImage.firmware(600)
    try target.write(firmware, PlanOptions(keepsOtherBytes: false))
    #expect(board.bench.cells(0..<600) == firmware.segments[0].bytes)
    #expect(throws: SessionError.self) { try target.read(address: 0x4002_3800, byteCount: 4) }
    #expect(try target.read(address: 0x0800_0000, byteCount: 600) == firmware.segments[0].bytes)
  }

  @Test func `a program is started, and the bootloader is gone`() throws {
    let board = try BootloaderBench("stm32f407vg")
    let target = try board.target()
    // Stack pointer, reset vector; then a loop.
    let words: [UInt32] = [0x2000_1000, 0x0800_0009, 0xE7FE_E7FE, 0xE7FE_E7FE]
    board.bench.setCells(at: 0, words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } })
    try target.reset()
    board.bench.simulation.run(for: .milliseconds(1))
    #expect(board.bench.simulation.programCounter & ~3 == 0x0800_0008)
    #expect(!board.isInBootloader)
    #expect(throws: SessionError.unavailable(.bootloaderLeft)) {
      try target.read(address: 0x0800_0000, byteCount: 4)
    }
  }

  @Test func `a flash without a program is not started`() throws {
    let target = try BootloaderBench("stm32f407vg").target()
    #expect(throws: SessionError.unavailable(.startWithoutProgram)) { try target.reset() }
  }

  @Test(arguments: ["stm32f207zg", "stm32f407vg", "stm32f412ce", "stm32f429zi"])
  func `read protection is seen, told of, and taken off`(name: String) throws {
    let board = try BootloaderBench(name)
    board.bench.setCells(at: 0, [1, 2, 3])
    board.bench.setOptions(user: 0x55EC)
    board.bench.simulation.run(for: .milliseconds(300))
    let target = try board.target()
    #expect(target.protection == nil)
    let error = #expect(throws: SessionError.self) { try target.read(address: 0x0800_0000, byteCount: 4) }
    #expect(error?.report.category == .protected)
    let plan = try target.planLiftingAllProtection()
    #expect(throws: SessionError.self) { try target.execute(plan, permitting: OptionPermissions()) }
    #expect(board.storedReadProtection == 1)
    try target.execute(plan, permitting: OptionPermissions(mayEraseEverything: true))
    #expect(board.storedReadProtection == 0)
    #expect(target.protection?.readProtection == .level0)
    #expect(try target.read(address: 0x0800_0000, byteCount: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test func `write protection refuses a write, and is taken off without an erase`() throws {
    let board = try BootloaderBench("stm32f407vg")
    board.bench.setCells(at: 0, [7])
    board.bench.setOptions(protection: 0x0FFE)
    board.bench.simulation.run(for: .milliseconds(300))
    let target = try board.target()
    #expect(target.protection?.writeProtectedSectors.map(\.number) == [0])
    let firmware = try TestImage.firmware(100)
    let error = #expect(throws: SessionError.self) { try target.write(firmware) }
    #expect(error?.report.category == .protected)
    try target.execute(try target.planLiftingWriteProtection(), permitting: OptionPermissions())
    #expect(board.storedWriteProtection == 0x0FFF)
    #expect(board.bench.cells(0..<1) == [7])
    try target.write(firmware)
  }

  @Test(arguments: [("stm32f407vg", "BOR_LEV=2.1V"), ("stm32f429zi", "WRP=3,14"), ("stm32f412ce", "RDP=level1")])
  func `option bytes are changed by name`(name: String, change: String) throws {
    let board = try BootloaderBench(name)
    let target = try board.target()
    let plan = try target.plan(changing: [try OptionAssignment(change)])
    try target.execute(plan, permitting: OptionPermissions())
    board.reset()
    let session = TargetSession(probe: board.bench.probe())
    try session.open()
    let loaded = try session.readOptions().loaded
    #expect(loaded.optionControl.rawValue & ~3 == plan.after.optionControl.rawValue & ~3)
    #expect(loaded.optionControl1 == plan.after.optionControl1)
    session.close()
  }

  @Test func `a session that was killed in the middle of a block does not keep the next one out`() throws {
    let board = try BootloaderBench("stm32f412ce")
    let line = board.line()
    let bootloader = try board.target()
    bootloader.close(leaving: nil)
    try line.configure(SerialSettings(baudRate: 115_200, parity: .even))
    for bytes in [[0x31, 0xCE], [0x08, 0, 0, 0, 0x08], [0xFF, 1, 2, 3]] as [[UInt8]] {
      try line.send(bytes, within: .seconds(1))
    }
    line.close()
    let target = try board.target()
    #expect(try target.read(address: 0x0800_0000, byteCount: 2) == [0xFF, 0xFF])
  }

  @Test func `nobody at the other end is told with what to do`() throws {
    let board = try BootloaderBench("stm32f412ce") { $0.bootMemory = .flash }
    let error = #expect(throws: SessionError.self) { try board.target() }
    #expect(error?.report.causes.first == .bootloaderNotRunning)
    #expect(error?.report.category == .noTarget)
  }
}
