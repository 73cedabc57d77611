import Engine
import Failures
import LinkInterface
import SimProbe
import TestSupport
import Testing

/// The engine's sessions on simulated boards: writing, verifying, reading, erasing.
@Suite("Sessions with simulated chips")
struct FlashSessionTests {
  private func open(_ bench: SimulatedBench, _ options: SessionOptions = SessionOptions()) throws -> TargetSession {
    let session = TargetSession(probe: bench.probe(), options: options)
    try session.open()
    return session
  }

  @Test(arguments: [
    "nucleo-f207zg", "stm32f407vg", "stm32f429zi", "stm32f413zh", "stm32f410cb", "stm32f401re", "stm32f401cb",
    "stm32f446re", "stm32f469ni", "stm32f412zg",
  ])
  func `a firmware is written, verified, read back and erased`(target: String) throws {
    let bench = try SimulatedBench(target)
    let old = [UInt8](repeating: 0x5A, count: 30_000)
    bench.setCells(at: 0, old)
    let session = try open(bench)
    let firmware = try TestImage.firmware(20_000)
    let plan = try session.plan(writing: firmware)
    #expect(plan.parallelism == .x32)
    try session.execute(plan)
    try session.verify(firmware)
    let bytes = firmware.segments[0].bytes
    #expect(bench.cells(0..<20_000) == bytes)
    #expect(bench.cells(20_000..<30_000) == Array(old[20_000...]), "bytes that the image does not mention survive")
    #expect(try session.read(address: 0x0800_0000, byteCount: 20_000) == bytes)
    try session.execute(try session.plan(erasing: .sectors([0, 1])), verifies: true)
    #expect(bench.cells(0..<32_768).allSatisfy { $0 == 0xFF })
    #expect(bench.isLockedAndIdle)
    let statement = session.close()
    #expect(statement.problems.isEmpty, "\(statement.lines)")
    #expect(statement.wasReset)
  }

  @Test(arguments: [
    ("stm32f407vg", 3300, Parallelism.x32), ("stm32f407vg", 2500, .x16), ("stm32f407vg", 1900, .x8),
    ("stm32f411re", 2420, .x16),
  ])
  func `the width follows the supply`(target: String, millivolts: Int, width: Parallelism) throws {
    let bench = try SimulatedBench(target) { $0.supplyMillivolts = millivolts }
    bench.setCells(at: 5, [0])
    let session = try open(bench)
    let firmware = try TestImage.firmware(3000)
    let plan = try session.plan(writing: firmware)
    #expect(plan.parallelism == width)
    try session.execute(plan)
    #expect(bench.cells(0..<3000) == firmware.segments[0].bytes)
    session.close()
  }

  @Test func `x64 is used where the user says that VPP is there`() throws {
    let bench = try SimulatedBench("stm32f407vg") { $0.hasProgrammingVoltage = true }
    let session = try open(bench, SessionOptions(hasProgrammingVoltage: true))
    let firmware = try TestImage.firmware(3000)
    let plan = try session.plan(writing: firmware)
    #expect(plan.parallelism == .x64)
    try session.execute(plan)
    #expect(bench.cells(0..<3000) == firmware.segments[0].bytes)
    session.close()
  }

  @Test func `both banks of a 2 MiB part are written and erased`() throws {
    let bench = try SimulatedBench("stm32f429zi")
    bench.setCells(at: 0x10_0000, [1, 2, 3])
    let session = try open(bench)
    var random = SeededGenerator(seed: 5)
    let image = try TestImage.image(0x080F_F000, random.bytes(0x3000))
    let plan = try session.plan(writing: image)
    #expect(plan.erasedSectors.map(\.number) == [12])
    try session.execute(plan)
    #expect(bench.cells(0xF_F000..<0x10_2000) == image.segments[0].bytes)
    let erase = try session.plan(erasing: .all)
    #expect(erase.eraseSteps == [.banks([1, 2])])
    try session.execute(erase, verifies: false)
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
    session.close()
  }

  @Test func `a 1 MiB part in two banks is erased by its own sectors`() throws {
    let bench = try SimulatedBench("stm32f429zg")
    bench.setOptions(protection: 0x4FFF)
    bench.setCells(at: 0x8_0000, [UInt8](repeating: 0, count: 0x5000))
    let session = try open(bench)
    #expect(session.device?.sectorMap.layout == .dualBank)
    let image = try TestImage.image(0x0808_0000, [UInt8](repeating: 0x77, count: 100))
    let plan = try session.plan(writing: image)
    #expect(plan.erasedSectors.map(\.number) == [12])
    try session.execute(plan)
    #expect(bench.cells(0x8_0000..<0x8_0064) == image.segments[0].bytes)
    #expect(bench.cells(0x8_4000..<0x8_5000).allSatisfy { $0 == 0 })
    session.close()
  }

  @Test func `the last sectors of an F413 are selected by their own numbers`() throws {
    let bench = try SimulatedBench("stm32f413zh")
    bench.setCells(at: 0x16_0000, [0])
    bench.setCells(at: 0x10_0000, [0])
    let session = try open(bench)
    try session.execute(try session.plan(erasing: .sectors([15])))
    #expect(bench.cells(0x16_0000..<0x16_0001) == [0xFF])
    #expect(bench.cells(0x10_0000..<0x10_0001) == [0])
    session.close()
  }

  @Test func `the whole flash is read`() throws {
    let bench = try SimulatedBench("stm32f410c8")
    bench.setCells(at: 0xFFFC, [1, 2, 3, 4])
    let session = try open(bench)
    let (address, bytes) = try session.read(.main)
    #expect(address == 0x0800_0000)
    #expect(bytes == bench.flash)
    let error = #expect(throws: SessionError.self) { try session.read(.ccm) }
    #expect(error?.report.category == .usage)
    session.close()
  }

  @Test func `every other area is read`() throws {
    let bench = try SimulatedBench("stm32f429zi")
    let session = try open(bench)
    for area in MemoryArea.allCases where area != .main {
      let (address, bytes) = try session.read(area)
      #expect(!bytes.isEmpty && address != 0, "\(area.title)")
    }
    #expect(try session.read(.otp).bytes.allSatisfy { $0 == 0xFF })
    #expect(try session.read(.option).bytes.prefix(2) == [0xEC, 0xAA])
    session.close()
  }

  @Test func `a fast write of an equal image changes nothing`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    let firmware = try TestImage.firmware(50_000)
    let first = try open(bench)
    try first.execute(try first.plan(writing: firmware))
    first.close()
    let counts = bench.eraseCounts
    let second = try open(bench)
    let plan = try second.plan(writing: firmware, PlanOptions(skipsEqualSectors: true))
    #expect(plan.isEmpty)
    try second.execute(plan)
    #expect(!second.close().wasReset)
    #expect(bench.eraseCounts == counts)
  }

  @Test func `stray flags of an earlier session do not matter`() throws {
    let bench = try SimulatedBench("stm32f407vg") { $0.startsWithStrayFlags = true }
    bench.setCells(at: 0, [0])
    let session = try open(bench)
    let firmware = try TestImage.firmware(2000)
    try session.execute(try session.plan(writing: firmware))
    #expect(bench.cells(0..<2000) == firmware.segments[0].bytes)
    #expect(bench.isLockedAndIdle && session.close().isClean)
  }

  @Test(arguments: ["v2", "v2-1", "v3"])
  func `every probe writes`(probe: String) throws {
    let bench = try SimulatedBench("stm32f407vg") { $0.probeProfile = probe }
    let session = try open(bench)
    let firmware = try TestImage.firmware(9000)
    try session.execute(try session.plan(writing: firmware))
    #expect(bench.cells(0..<9000) == firmware.segments[0].bytes)
    session.close()
  }

  @Test func `a watchdog that the option bytes start does not disturb a write`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setOptions(user: 0xAACC)
    bench.setCells(at: 0, [UInt8](repeating: 0, count: 0x1_4000))
    let session = try open(bench)
    #expect(session.protection?.options[.softwareWatchdog] == 0)
    let firmware = try TestImage.firmware(0x1_4000)
    try session.execute(try session.plan(writing: firmware))
    #expect(bench.cells(0..<0x1_4000) == firmware.segments[0].bytes)
    session.close()
  }

  @Test func `a sector that only its own code may read is left alone`() throws {
    let bench = try SimulatedBench("stm32f401cb")
    bench.setOptions(protection: 0x8002)
    let session = try open(bench)
    #expect(session.protection?.codeProtectedSectors.map(\.number) == [1])
    try session.execute(try session.plan(writing: try TestImage.firmware(2000)))
    for call in [{ _ = try session.plan(writing: try TestImage.firmware(20_000)) }, { _ = try session.read(.main) }] {
      let error = #expect(throws: SessionError.self, performing: call)
      #expect(error?.report.category == .protected)
    }
    session.close()
  }

  @Test func `a hot plug writes without a reset before`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, [0])
    let session = try open(bench, SessionOptions(attachMode: .hotPlug))
    let firmware = try TestImage.firmware(3000)
    try session.execute(try session.plan(writing: firmware))
    #expect(bench.cells(0..<3000) == firmware.segments[0].bytes)
    #expect(session.close().wasReset)
  }

  @Test func `a hot plug reads a running chip and leaves it alone`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    let session = try open(bench, SessionOptions(attachMode: .hotPlug))
    _ = try session.read(address: 0x0800_0000, byteCount: 64)
    let statement = session.close()
    #expect(!statement.wasReset)
    #expect(statement.problems.isEmpty)
  }

  @Test func `predictions come near the simulated time`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, [0])
    bench.setCells(at: 0x1_0000, [0])
    let session = try open(bench)
    let plan = try session.plan(writing: try TestImage.firmware(100_000))
    let before = bench.simulation.time
    try session.execute(plan)
    let taken = bench.simulation.time - before
    #expect(
      taken > plan.prediction.total * 7 / 10 && taken < plan.prediction.total * 13 / 10,
      "predicted \(plan.prediction), taken \(taken)")
    session.close()
  }
}

/// Every chip that can be simulated, at both ends of its flash.
@Suite("Every chip of the list")
struct EveryChipTests {
  @Test(arguments: Simulation.chips.map(\.name))
  func `is written, verified, read and erased`(name: String) throws {
    let bench = try SimulatedBench(name)
    let session = TargetSession(probe: bench.probe())
    try session.open()
    let device = try #require(session.device)
    #expect(device.warnings.isEmpty)
    let last = try #require(device.sectorMap.sectors.last)
    bench.setCells(at: 3, [0])
    bench.setCells(at: Int(last.range.lowerBound - 0x0800_0000), [0x42])
    var random = SeededGenerator(seed: 11)
    let bytes = random.bytes(600)
    let image = try FirmwareImage(
      joining: [0x0800_0000, last.range.upperBound - 600].map {
        try #require(FirmwareImage.Segment(address: $0, bytes: bytes))
      })
    let plan = try session.plan(writing: image, PlanOptions(keepsOtherBytes: false))
    #expect(plan.erasedSectors == [try #require(device.sectorMap.sectors.first), last])
    try session.execute(plan)
    try session.verify(image)
    #expect(try session.read(address: last.range.upperBound - 600, byteCount: 600) == bytes)
    let byteCount = device.flashByteCount
    #expect(bench.cells(byteCount - 600..<byteCount) == bytes)
    try session.execute(try session.plan(erasing: .sectors([last.number])), verifies: false)
    #expect(bench.cells(byteCount - last.byteCount..<byteCount).allSatisfy { $0 == 0xFF })
    #expect(bench.cells(0..<600) == bytes)
    #expect(session.close().problems.isEmpty)
  }
}
