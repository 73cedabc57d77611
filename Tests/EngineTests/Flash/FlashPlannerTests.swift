import Failures
import TestSupport
import Testing

@testable import Engine

@Suite("Plans")
struct FlashPlannerTests {
  private func error(_ body: () throws -> FlashPlan) throws -> PlanError {
    try #require(#expect(throws: PlanError.self) { _ = try body() })
  }

  // MARK: - What is refused

  @Test(arguments: [UInt32(0x0810_0000), 0x07FF_FFFF, 0x080F_FFFF, 0x1FFF_0000, 0x2000_0000, 0xFFFF_FFF0])
  func `an image outside the flash is refused with the ranges`(address: UInt32) throws {
    let bench = try FlashBench()
    let image = try TestImages.image((0x0800_1000, [1, 2]), (address, Array(1...16)))
    let before = bench.target.accessCount
    let error = try error { try bench.plan(image) }
    guard case .outsideFlash(let ranges, let flash, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(ranges.count == 1)
    #expect(flash == 0x0800_0000..<0x0810_0000)
    #expect(error.report.category == .usage)
    #expect(bench.target.accessCount == before, "nothing is read for a plan that cannot be")
  }

  @Test func `a UF2 file for the other family is refused`() throws {
    let bench = try FlashBench()
    let segments = try TestImages.image((0x0800_0000, [1, 2])).segments
    let error = try error {
      try bench.plan(FirmwareImage(segments: segments, entryPoint: nil, format: .uf2, family: .stm32F2))
    }
    #expect(error == .otherFamily(.stm32F2, deviceName: bench.device.name))
    _ = try bench.plan(FirmwareImage(segments: segments, entryPoint: nil, format: .uf2, family: .stm32F407))
  }

  @Test(arguments: [
    (UInt32(0), "the boot area at 0", "0x0800_0000"), (0x0810_0000, "beyond the end", "this chip"),
    (0x1000_0000, "core-coupled memory", "load address"), (0x1FFF_0000, "ROM bootloader", "ROM"),
    (0x1FFF_7800, "OTP", "OTP"), (0x1FFF_C000, "option bytes", "option bytes"), (0x2000_0000, "RAM", "load address"),
    (0x4002_3C00, "registers of peripherals", "address"), (0x6800_0000, "outside the chip", "board"),
    (0x9000_0000, "outside the chip", "board"), (0xD000_0000, "outside the chip", "board"),
    (0xE000_ED00, "registers of the core", "address"), (0x1800_0000, "no memory", "address"),
  ])
  func `each place outside the flash is named, with its own remedy`(address: UInt32, name: String, remedy: String)
    throws
  {
    let bench = try FlashBench()
    let error = try error { try bench.plan(try TestImages.image((0x0800_1000, [1, 2]), (address, Array(1...16)))) }
    let report = error.report
    #expect(report.summary.contains(name), "\(report.summary)")
    #expect(report.evidence.contains { $0.contains(name) && $0.contains("16 bytes") }, "\(report.evidence)")
    #expect(report.remedies.count == 1 && report.remedies[0].text.contains(remedy), "\(report.remedies)")
  }

  @Test func `pieces for one place are told together, and a piece over two places is told as two`() throws {
    let image = try TestImages.image(
      (0x07FF_FFFE, [1, 2, 3, 4]), (0x2000_0000, [1]), (0x2000_0010, [1, 2]), (0x9000_0000, [1, 2, 3]))
    #expect(
      image.parts(outside: 0x0800_0000..<0x0800_0001) == [
        OutsidePart(range: 0x07FF_FFFE...0x07FF_FFFF, byteCount: 2),
        OutsidePart(range: 0x0800_0001...0x0800_0001, byteCount: 1),
        OutsidePart(range: 0x2000_0000...0x2000_0011, byteCount: 3),
        OutsidePart(range: 0x9000_0000...0x9000_0002, byteCount: 3),
      ])
    #expect(image.part(in: 0x0800_0000..<0x0810_0000)?.segments.map(\.bytes) == [[3, 4]])
    #expect(image.part(in: 0x0900_0000..<0x0910_0000) == nil)
  }

  @Test func `a range to read has to end in the memory in which it begins`() throws {
    let limits = try FlashBench().limits
    for (address, count) in [
      (0x0800_0000, 0x10_0001), (0x080F_FFFF, 2), (0x0810_0000, 1), (0x1000_FFFF, 2), (0x2000_0000, 1 << 20),
    ]
      as [(UInt32, Int)]
    {
      #expect(throws: PlanError.self, "\(address)") { try limits.checkReadable(address: address, byteCount: count) }
    }
    #expect(try limits.checkReadable(address: 0xFFFF_FFFF, byteCount: 1) == 0xFFFF_FFFF...0xFFFF_FFFF)
    #expect(try limits.checkReadable(address: 0x0800_0000, byteCount: 1 << 20).count == 1 << 20)
  }

  @Test func `an image in the OTP area is refused by the area's name`() throws {
    let bench = try FlashBench()
    let error = try error { try bench.plan(try TestImages.image((0x1FFF_7800, [0]))) }
    #expect(error.report.summary.contains("OTP"))
  }

  @Test func `an image larger than the flash is refused with both sizes`() throws {
    let bench = try FlashBench(.f410x8)
    let error = try error { try bench.plan(try TestImages.firmware(65_537, seed: 1)) }
    #expect(error.report.summary.contains("65,537 bytes for 64 KiB"))
  }

  @Test func `a write-protected sector is named before anything is touched`() throws {
    var chip = FakeTarget.Chip()
    chip.optionControl &= ~(1 << 17)
    let bench = try FlashBench(chip)
    let error = try error { try bench.plan(try TestImages.firmware(20_000, seed: 1)) }
    guard case .protection(.writeProtected(let sectors, _)) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(sectors.map(\.number) == [1])
    #expect(error.report.category == .protected)
    #expect(bench.target.registerWrites.isEmpty)
  }

  @Test func `a protected sector that the image does not touch does not matter`() throws {
    var chip = FakeTarget.Chip()
    chip.optionControl &= ~(1 << 21)
    let bench = try FlashBench(chip)
    try bench.write(try TestImages.firmware(5000, seed: 1))
    #expect(throws: PlanError.self) {
      try bench.plan(try TestImages.firmware(5000, seed: 1), PlanOptions(erasesEverything: true))
    }
  }

  @Test(arguments: [(UInt8(0x00), "level 1"), (0xFF, "level 1"), (0xCC, "level 2")])
  func `read protection refuses every plan`(stored: UInt8, level: String) throws {
    var chip = FakeTarget.Chip()
    chip.optionControl = chip.optionControl & ~0xFF00 | UInt32(stored) << 8
    let bench = try FlashBench(chip)
    let error = try error { try bench.plan(try TestImages.firmware(100, seed: 1)) }
    #expect(error.report.summary.contains(level))
    #expect(error.report.category == .protected)
    #expect(throws: PlanError.self) { try bench.planner().plan(erasing: .all) }
    #expect(throws: PlanError.self) { try bench.limits.checkReadable(address: 0x0800_0000, byteCount: 4) }
    #expect(throws: PlanError.self) { try bench.limits.checkReadable(address: 0x1FFF_7800, byteCount: 4) }
    #expect(try bench.limits.checkReadable(address: 0x2000_0000, byteCount: 4).count == 4)
  }

  @Test func `PCROP turns the meaning of the protection bits around`() throws {
    var chip = FakeTarget.Chip.f401C
    chip.optionControl = 0x8004_AAED
    let bench = try FlashBench(chip)
    #expect(bench.protection.codeProtectedSectors.map(\.number) == [2])
    #expect(bench.protection.writeProtectedSectors.map(\.number) == [2])
    try bench.write(try TestImages.firmware(5000, seed: 1))
    let error = try error { try bench.plan(try TestImages.firmware(40_000, seed: 1)) }
    guard case .protection(.codeProtected) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(throws: PlanError.self) { try bench.limits.checkReadable(address: 0x0800_7FFF, byteCount: 2) }
  }

  @Test func `bit 31 says nothing on a die without PCROP`() throws {
    var chip = FakeTarget.Chip()
    chip.optionControl |= 1 << 31
    #expect(try FlashBench(chip).protection.writeProtectedSectors.isEmpty)
  }

  @Test func `bank 2 has its protection bits in the second register`() throws {
    var chip = FakeTarget.Chip.f429I
    chip.optionControl1 &= ~(1 << 18)
    #expect(try FlashBench(chip).protection.writeProtectedSectors.map(\.number) == [14])
  }

  @Test func `one bit of an F413 protects its last two sectors`() throws {
    var chip = FakeTarget.Chip.f413H
    chip.optionControl &= ~(1 << 30)
    #expect(try FlashBench(chip).protection.writeProtectedSectors.map(\.number) == [14, 15])
  }

  // MARK: - Erasing by request

  @Test func `a range that ends within a sector is refused with the sectors' bounds`() throws {
    let bench = try FlashBench()
    let error = try error { try bench.planner().plan(erasing: .range(address: 0x0800_1000, byteCount: 0x4000)) }
    guard case .notSectorAligned(_, let bounds, let sectors) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(bounds == 0x0800_0000..<0x0800_8000)
    #expect(sectors.map(\.number) == [0, 1])
    #expect(error.report.remedies == ["Erase 0x0800_0000 to 0x0800_7FFF: 0x0800_0000 32768"])
  }

  @Test func `erasing nothing is an error and never everything`() throws {
    let error = try error {
      try FlashBench().planner().plan(erasing: .range(address: 0x0800_0000, byteCount: 0))
    }
    #expect(error == .emptyRange(at: 0x0800_0000))
    #expect(error.report.category == .usage)
  }

  @Test func `ranges beyond the flash or the address space are refused`() throws {
    let planner = try FlashBench().planner()
    #expect(throws: PlanError.self) { try planner.plan(erasing: .range(address: 0x0800_0000, byteCount: 2 << 20)) }
    let error = try error { try planner.plan(erasing: .range(address: 0xFFFF_0000, byteCount: 0x10_0000)) }
    #expect(error == .rangeOverflow(address: 0xFFFF_0000, byteCount: 0x10_0000))
    #expect(throws: PlanError.self) { try planner.plan(erasing: .range(address: 0x0800_0000, byteCount: -4)) }
    let last = try self.error { try planner.plan(erasing: .range(address: 0xFFFF_FFF0, byteCount: 16)) }
    #expect(last.report.summary == "0xFFFF_FFF0 to 0xFFFF_FFFF is not in the flash")
  }

  @Test func `a sector that the chip lacks is refused with those it has`() throws {
    let error = try error { try FlashBench(.f429GDual).planner().plan(erasing: .sectors([1, 8])) }
    #expect(error.report.summary.contains("8"))
    #expect(error.report.remedies == ["Sectors: 0 1 2 3 4 5 6 7 12 13 14 15 16 17 18 19"])
  }

  @Test func `a whole single bank is erased by its sectors, which take less time than a mass erase`() throws {
    let bench = try FlashBench()
    let plan = try bench.planner().plan(erasing: .all)
    #expect(plan.prediction.erase < FlashTiming.f2f4.massErase(bench.device.sectorMap, .x32).typical)
    try bench.execute(plan)
    #expect(bench.target.erasedCodes == Array(0..<12))
  }

  @Test func `two banks are erased at once by both bits`() throws {
    let bench = try FlashBench(.f429I)
    let plan = try bench.planner().plan(erasing: .all)
    #expect(plan.eraseSteps == [.banks([1, 2])])
    try bench.execute(plan)
    #expect(bench.target.erasedCodes == [100, 200])
  }

  @Test func `both banks are erased at once although a few sectors of the plan are blank`() throws {
    let bench = try FlashBench(.f429I)
    for sector in bench.device.sectorMap.sectors where sector.number != 5 {
      bench.target.flash[Int(sector.range.lowerBound - 0x0800_0000)] = 0
    }
    let plan = try bench.plan(try TestImages.firmware(2 << 20, seed: 3))
    #expect(plan.eraseSteps == [.banks([1, 2])])
    #expect(plan.blankSectors.isEmpty)
  }

  @Test func `no bank is erased at once that has bytes to be kept`() throws {
    let bench = try FlashBench(.f429I)
    for sector in bench.device.sectorMap.sectors { bench.target.flash[Int(sector.range.upperBound - 0x0800_0001)] = 0 }
    let image = try TestImages.firmware((2 << 20) - 100, seed: 3)
    let keeping = try bench.plan(image)
    #expect(keeping.eraseSteps.count == 24)
    #expect(try bench.plan(image, PlanOptions(keepsOtherBytes: false)).eraseSteps == [.banks([1, 2])])
  }

  @Test func `bank 2 alone is erased by its own bit`() throws {
    let bench = try FlashBench(.f429I)
    var random = SeededGenerator(seed: 1)
    bench.fill(0x0800_0000..<0x0800_1000, &random)
    let before = bench.vectors
    try bench.controller.withUnlocked { () throws(FlashError) in try bench.controller.erase(.banks([2]), .x32) }
    #expect(bench.target.erasedCodes == [200])
    #expect(bench.vectors == before)
  }

  @Test func `sectors are erased one by one where a bank would take longer`() throws {
    let bench = try FlashBench(.f429GDual)
    let plan = try bench.planner().plan(erasing: .range(address: 0x0808_0000, byteCount: 512 * 1024))
    #expect(plan.eraseSteps.count == 8)
    try bench.execute(plan)
    #expect(bench.target.erasedCodes == Array(16...23))
  }

  // MARK: - Writing

  @Test func `a blank sector is not erased`() throws {
    let bench = try FlashBench()
    let plan = try bench.plan(try TestImages.firmware(5000, seed: 2))
    #expect(plan.eraseSteps.isEmpty)
    #expect(plan.blankSectors.map(\.number) == [0])
  }

  @Test func `a sector is erased unseen where that takes less time than looking`() throws {
    let bench = try FlashBench()
    let image = try TestImages.image((0x0802_0000, [UInt8](repeating: 0x77, count: 128 * 1024)))
    var planner = try bench.planner()
    #expect(try planner.plan(writing: image, PlanOptions()).blankSectors.map(\.number) == [5])
    planner.timing = TransferTiming(kilohertz: 480, isV3: false)
    let before = bench.target.accessCount
    let plan = try planner.plan(writing: image, PlanOptions())
    #expect(plan.erasedSectors.map(\.number) == [5])
    // A row of each sector that is left is looked at for a table; the sector itself is not.
    #expect(bench.target.accessCount - before < bench.device.sectorMap.sectors.count)
  }

  @Test func `bytes that the image does not mention are kept`() throws {
    let bench = try FlashBench()
    bench.target.flash[0x3FF0] = 0x42
    let plan = try bench.plan(try TestImages.firmware(5000, seed: 2))
    #expect(plan.kept == [0x0800_3FF0..<0x0800_3FF1])
    #expect(plan.erasedSectors.map(\.number) == [0])
  }

  @Test func `bytes that the image does not mention are dropped on request`() throws {
    let bench = try FlashBench()
    bench.target.flash[0x3FF0] = 0x42
    let plan = try bench.plan(try TestImages.firmware(5000, seed: 2), PlanOptions(keepsOtherBytes: false))
    #expect(plan.kept.isEmpty)
    try bench.execute(plan)
    #expect(bench.target.flash[0x3FF0] == 0xFF)
  }

  @Test func `an image that is there already changes nothing`() throws {
    let bench = try FlashBench()
    let image = try TestImages.firmware(40_000, seed: 2)
    try bench.write(image)
    let plan = try bench.plan(image, PlanOptions(skipsEqualSectors: true))
    #expect(plan.isEmpty)
    #expect(plan.lines.contains("nothing to do"))
    #expect(plan.equalSectors.map(\.number) == [0, 1, 2])
    let writes = bench.target.registerWrites.count
    try bench.execute(plan)
    #expect(bench.target.registerWrites.count == writes)
  }

  @Test func `an equal vector sector is written again when another sector changes`() throws {
    let bench = try FlashBench()
    let image = try TestImages.firmware(40_000, seed: 2)
    try bench.write(image)
    bench.target.flash[0x8010] ^= 1
    let plan = try bench.plan(image, PlanOptions(skipsEqualSectors: true))
    #expect(plan.equalSectors.map(\.number) == [1])
    #expect(plan.erasedSectors.map(\.number) == [0, 2])
  }

  @Test func `everything is erased first on request`() throws {
    let bench = try FlashBench()
    bench.target.flash[0xF_FFFF] = 0
    try bench.write(try TestImages.firmware(5000, seed: 2), PlanOptions(keepsOtherBytes: false, erasesEverything: true))
    #expect(bench.target.erasedCodes == Array(0..<12))
    #expect(bench.target.flash[0xF_FFFF] == 0xFF)
  }

  @Test func `blocks are whole rows and leave out what is blank`() {
    var content = [UInt8](repeating: 0xFF, count: 16 * 1024)
    content[5] = 0
    content[40] = 0
    content[4096] = 0
    let blocks = FlashPlanner.blocks(of: content, at: 0x0800_4000)
    #expect(blocks.map(\.range) == [0x0800_4000..<0x0800_4030, 0x0800_5000..<0x0800_5010])
  }

  @Test func `an image of blank bytes over programmed ones erases and programs nothing`() throws {
    let bench = try FlashBench()
    bench.target.flash[0x10] = 0
    try bench.write(try TestImages.image((0x0800_0000, [UInt8](repeating: 0xFF, count: 64))))
    #expect(bench.target.programmedAddresses.isEmpty)
    #expect(bench.target.flash.allSatisfy { $0 == 0xFF })
  }

  @Test(arguments: [
    ([UInt8]([0, 0, 0, 0x30, 1, 2, 0, 8]), "stack pointer"), ([0, 0, 1, 0x20, 1, 2, 0, 9], "outside the flash"),
    ([0, 0, 1, 0x20, 0, 2, 0, 8], "even"),
  ])
  func `a vector table that cannot be right is a warning`(vectors: [UInt8], word: String) throws {
    let plan = try FlashBench().plan(try TestImages.image((0x0800_0000, vectors)))
    #expect(plan.warnings.count == 1)
    #expect(plan.warnings.first?.contains(word) ?? false)
  }

  @Test func `a stack pointer at the end of the RAM is right`() throws {
    let plan = try FlashBench().plan(try TestImages.image((0x0800_0000, [0, 0, 2, 0x20, 1, 2, 0, 8])))
    #expect(plan.warnings.isEmpty)
  }

  @Test func `the lines show every step in its order`() throws {
    let bench = try FlashBench()
    bench.target.flash[0x3FF0] = 0x42
    let lines = try bench.plan(try TestImages.firmware(5000, seed: 2)).lines
    #expect(lines[0] == "STM32F405/407/415/417, 1 MiB of flash, x32")
    #expect(lines[1] == "keep    0x0800_3FF0 to 0x0800_3FF0 (1 byte)")
    #expect(lines[2] == "erase   sector 0 (0x0800_0000 to 0x0800_3FFF)")
    #expect(lines.contains("program 0x0800_0000 to 0x0800_000F last (vector table)"))
    #expect(lines.last?.hasPrefix("about 0.") ?? false)
  }

  @Test func `the prediction is near what the fake chip takes`() throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    let plan = try bench.plan(try TestImages.firmware(100_000, seed: 2))
    #expect(plan.prediction.erase == .milliseconds(220))
    #expect(plan.prediction.program > .milliseconds(400) && plan.prediction.program < .seconds(2))
    #expect(plan.prediction.total == plan.prediction.erase + plan.prediction.program + plan.prediction.verify)
  }

  /// A program whose table is at an address and whose first instruction is at another.
  private func table(startingAt entry: UInt32) -> [UInt8] {
    [0x00, 0x80, 0x00, 0x20] + (0..<4).map { UInt8(truncatingIfNeeded: (entry | 1) >> (8 * $0)) }
  }

  @Test func `an old table that is left while its program is overwritten is warned of`() throws {
    let bench = try FlashBench()
    bench.target.flash.replaceSubrange(0..<8, with: table(startingAt: 0x0800_8100))
    bench.target.flash.replaceSubrange(0x8100..<0x8110, with: repeatElement(0x42, count: 16))
    // The image begins where the program's code is, and leaves its table.
    let over = try TestImages.image((0x0800_8000, [UInt8](repeating: 0x11, count: 0x200)))
    let plan = try bench.plan(over)
    #expect(plan.erasedSectors.map(\.number) == [2])
    #expect(plan.warnings.count == 1, "\(plan.warnings)")
    #expect(plan.warnings.first?.contains("0x0800_8100 in sector 2, which is overwritten: erase sector 0 too") ?? false)
    // One that leaves the first instruction keeps it.
    let beside = try TestImages.image((0x0800_8200, [UInt8](repeating: 0x11, count: 0x200)))
    #expect(try bench.plan(beside).warnings == [])
    #expect(try bench.plan(beside, PlanOptions(keepsOtherBytes: false)).warnings.count == 1)
    // Where everything goes, and where nothing is erased, nothing is left behind.
    #expect(try bench.plan(over, PlanOptions(keepsOtherBytes: false, erasesEverything: true)).warnings == [])
    #expect(try bench.plan(try TestImages.image((0x0801_0000, [1, 2, 3]))).warnings == [])
  }

  @Test(arguments: [0, 0x200, 0x400, 0x800, 0x1000])
  func `a sector with an old table behind a header is erased before the others`(header: Int) throws {
    let bench = try FlashBench()
    // The old table goes first, then the place of the image's own.
    for sector in [0x4000, 0x8000, 0xC000] { bench.target.flash[sector + 0x3000] = 0 }
    bench.target.flash.replaceSubrange(0xC000 + header..<0xC008 + header, with: table(startingAt: 0x0800_C100))
    let image = try TestImages.image((0x0800_4000, [UInt8](repeating: 0x11, count: 0xC000)))
    #expect(try bench.plan(image).erasedSectors.map(\.number) == [3, 1, 2])
  }

  @Test func `an old table is erased before the program that it starts, even where that has a table too`() throws {
    let bench = try FlashBench()
    for sector in [0, 0x4000, 0x8000] { bench.target.flash[sector + 0x3000] = 0 }
    bench.target.flash.replaceSubrange(0x4000..<0x4008, with: table(startingAt: 0x0800_4100))
    bench.target.flash.replaceSubrange(0x8000..<0x8008, with: table(startingAt: 0x0800_4200))
    let image = try TestImages.image((0x0800_0000, [UInt8](repeating: 0x11, count: 0xC000)))
    #expect(try bench.plan(image).erasedSectors.map(\.number) == [0, 2, 1])
    // Two that start each other go one after the other all the same.
    bench.target.flash.replaceSubrange(0x4000..<0x4008, with: table(startingAt: 0x0800_8100))
    #expect(try bench.plan(image).erasedSectors.map(\.number) == [0, 1, 2])
  }

  @Test func `planning writes nothing`() throws {
    let bench = try FlashBench()
    bench.target.flash[3] = 0
    _ = try bench.plan(try TestImages.firmware(100_000, seed: 2), PlanOptions(skipsEqualSectors: true))
    #expect(bench.target.registerWrites.isEmpty)
  }

  @Test func `a chip that stops answering while planning is told as such`() throws {
    let bench = try FlashBench()
    bench.target.faults.goneFromAccess = bench.target.accessCount + 1
    let error = try error { try bench.plan(try TestImages.firmware(100, seed: 2)) }
    #expect(error.report.category == .probe)
  }

  // MARK: - The one order

  @Test(arguments: 0..<30)
  func `the stages of a plan do and compare everything once, what can start a program last`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let bench = try FlashBench(try #require(FakeTarget.Chip.zoo.randomElement(using: &random)))
    bench.fill(0x0800_0000..<0x0800_9000, &random)
    let image =
      try Bool.random(using: &random)
      ? TestImages.scattered(in: bench.target.flash.count, &random) : TestImages.firmware(30_000, seed: seed)
    let plan = try bench.plan(image, PlanOptions(keepsOtherBytes: Bool.random(using: &random)))
    let stages = plan.stages
    let programmed = stages.flatMap(\.operations).compactMap { operation -> FlashBlock? in
      if case .program(let block) = operation { block } else { nil }
    }
    let erased = stages[0].operations.compactMap { operation -> EraseStep? in
      if case .erase(let step) = operation { step } else { nil }
    }
    #expect(programmed == plan.blocks + plan.vectorRows, "seed \(seed)")
    #expect(erased == plan.eraseSteps, "seed \(seed)")
    #expect(stages.dropFirst().flatMap(\.operations) == plan.vectorRows.map { .program($0) }, "seed \(seed)")
    #expect(stages.count == 1 || stages.last?.operations.count == 1, "seed \(seed)")
    let compared = stages.flatMap(\.expected).sorted { $0.address < $1.address }
    #expect(compared.flatMap(\.bytes) == plan.expected.flatMap(\.bytes), "seed \(seed)")
  }
}
