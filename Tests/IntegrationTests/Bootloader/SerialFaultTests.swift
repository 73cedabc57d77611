import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// What wires do to a session with a bootloader.
@Suite("Serial lines that fail")
struct SerialFaultTests {
  private func line(of board: BootloaderBench) throws -> SimulatedSerialLine {
    try #require(board.line() as? SimulatedSerialLine)
  }

  private func open(
    _ line: any SerialLine, _ options: SessionOptions = SessionOptions()
  ) throws -> BootloaderTarget {
    let target = BootloaderTarget(line: line, baudRate: 460_800, options: options)
    try target.open()
    return target
  }

  @Test(arguments: [0, 1, 2])
  func `characters that are lost or wrong cost time and nothing else`(kind: Int) throws {
    let board = try BootloaderBench("stm32f412ce")
    let line = try line(of: board)
    let target = try open(line)
    var random = SeededGenerator(seed: UInt64(kind) + 11)
    let count = line.wires.characterCount
    // One in about 350 characters, at which two blocks of three are hit.
    let places = Set((0..<5).map { count + 1 + $0 * 350 + Int(random.next() % 300) })
    if kind != 1 { line.wires.lostCharacters = places }
    if kind != 0 { line.wires.garbledCharacters = Set(places.map { $0 + 17 }) }
    let firmware = try TestImage.firmware(700, seed: UInt64(kind))
    try target.write(firmware, PlanOptions(keepsOtherBytes: false))
    #expect(board.bench.cells(0..<700) == firmware.segments[0].bytes, "places \(places.sorted())")
  }

  @Test func `an unplugged adapter at any character leaves no half program that starts`() throws {
    let firmware = try TestImage.firmware(300)
    let choices = PlanOptions(keepsOtherBytes: false)
    let bytes = firmware.segments[0].bytes
    let whole = try BootloaderBench("stm32f412ce")
    whole.bench.setCells(at: 0, [0, 0x40, 0, 0x20, 1, 1, 0, 8, 1, 2, 3])
    let counted = try line(of: whole)
    try open(counted).write(firmware, choices)
    let last = counted.wires.characterCount
    #expect(last > 500)
    for count in stride(from: 3, through: last - 1, by: 97) {
      let board = try BootloaderBench("stm32f412ce")
      board.bench.setCells(at: 0, [0, 0x40, 0, 0x20, 1, 1, 0, 8, 1, 2, 3])
      let line = try line(of: board)
      line.wires.characterCountToUnplug = count
      let error = #expect(throws: SessionError.self) { try open(line).write(firmware, choices) }
      #expect(
        error?.report.causes.first == .adapterUnplugged, "after \(count) characters: \(error?.report.summary ?? "")")
      board.bench.simulation.run(for: .seconds(1))
      let cells = board.bench.cells(0..<bytes.count)
      let hasOld = cells[8..<11] == [1, 2, 3] && cells[0..<8].elementsEqual([0, 0x40, 0, 0x20, 1, 1, 0, 8])
      let isBlank = cells[0..<8].allSatisfy { $0 == 0xFF }
      #expect(hasOld || isBlank || cells == bytes, "after \(count) characters")
    }
  }

  @Test func `zeros before the first answer are none, and zeros alone are no bootloader`() throws {
    for count in [1, 3] {
      let board = try BootloaderBench("stm32f412ce")
      let target = try open(DippingLine(try line(of: board), zeroCount: count))
      #expect(target.device?.name == "STM32F412")
    }
    let board = try BootloaderBench("stm32f412ce")
    #expect(throws: SessionError.self) { try open(DippingLine(try line(of: board), zeroCount: 8, isAlone: true)) }
  }

  @Test func `an adapter that sends back what it is given is told by name`() throws {
    let board = try BootloaderBench("stm32f412ce")
    let line = try line(of: board)
    line.wires.echoes = true
    let error = #expect(throws: SessionError.self) { try open(line) }
    #expect(error?.report.causes.first == .adapterEcho)
  }

  @Test func `another interface that the bootloader has chosen is among the causes of silence`() throws {
    let board = try BootloaderBench("stm32f412ce")
    board.bench.simulation.board.chip.bootloader.isTakenElsewhere = true
    let error = #expect(throws: SessionError.self) { try board.target() }
    #expect(error?.report.causes.contains(.otherInterface) == true)
  }

  @Test func `a rate that the bootloader measures badly is told as one`() throws {
    let board = try BootloaderBench("stm32f412ce")
    board.bench.simulation.board.chip.bootloader.measuringErrorPerMille = 120
    let error = #expect(throws: SessionError.self) { try board.target() }
    let causes: Set<FailureCause> = [.baudRate, .bootloaderNotRunning]
    #expect(causes.contains(try #require(error?.report.causes.first)), "\(error?.report.summary ?? "")")
  }

  @Test func `a request to stop ends a write between two commands, and the next one finds the bootloader`() throws {
    let board = try BootloaderBench("stm32f412ce")
    let interruption = Interruption()
    let target = try open(try line(of: board), SessionOptions(interruption: interruption))
    let plan = try target.plan(
      writing: try TestImage.firmware(500), with: ImageParts(), PlanOptions(keepsOtherBytes: false),
      permitting: OptionPermissions())
    interruption.request()
    let error = #expect(throws: SessionError.self) {
      try target.execute(plan, verifies: true, permitting: OptionPermissions())
    }
    #expect(error?.report.category == .interrupted)
    target.close(leaving: nil)
    try open(try line(of: board)).write(try TestImage.firmware(500), PlanOptions(keepsOtherBytes: false))
  }
}
