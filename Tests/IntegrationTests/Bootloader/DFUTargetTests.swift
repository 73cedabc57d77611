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

  @Test func `sectors of both banks are erased, one bank and all of it too`() throws {
    let board = try BootloaderBench("stm32f429zi")
    for address in [0x4000, 0x10_0000, 0x1E_0000] { board.bench.setCells(at: address, [0]) }
    let target = try board.dfuTarget()
    #expect(target.device?.flashByteCount == 2 << 20, "the name that is cut short tells of the first bank only")
    try target.execute(try target.plan(erasing: .sectors([1, 12, 23])), verifies: false)
    #expect(board.bench.flash.allSatisfy { $0 == 0xFF })
    for address in [0x4000, 0x1F_0000] { board.bench.setCells(at: address, [0]) }
    try target.execute(try target.plan(erasing: .all), verifies: true)
    #expect(board.bench.flash.allSatisfy { $0 == 0xFF })
  }

  @Test
  func `the F42x's first bootloader does not erase the second bank on USB, which is told and never called a success`()
    throws
  {
    let board = try BootloaderBench("stm32f429zi")
    try board.installBootloader(0x70)
    board.bench.setCells(at: 0x10_0000, [0])
    let target = try board.dfuTarget()
    let image = try TestImage.image(0x0810_0000, [UInt8](repeating: 7, count: 100))
    let error = #expect(throws: SessionError.self) { try target.write(image) }
    let report = try #require(error).report
    #expect(report.category == .verify)
    #expect(report.remedies.contains { "\($0)".contains("does not erase the second bank on USB") }, "\(report)")
    let serial = try BootloaderBench("stm32f429zi")
    try serial.installBootloader(0x70)
    serial.bench.setCells(at: 0x10_0000, [0])
    try serial.target(baudRate: 460_800).write(image)
  }

  /// Where the transceiver is fed from VDD, USB that works tells that the supply suffices for words (DS6329, table 57).
  @Test(arguments: [("stm32f407vg", true), ("stm32f446re", false)])
  func `that USB works tells of the supply, where USB has none of its own`(name: String, isTold: Bool) throws {
    let plan = try BootloaderBench(name).dfuTarget().plan(erasing: .all)
    #expect((plan.parallelism == .x32) == isTold)
  }

  /// How long the chip asks to wait, and what goes over the wire: nothing else takes time.
  @Test(arguments: [nil, 3300])
  func `a write takes what chip and wire need, but for 3 per cent`(millivolts: Int?) throws {
    let board = try BootloaderBench("stm32f446re")
    let target = try board.dfuTarget(SessionOptions(millivolts: millivolts))
    var random = SeededGenerator(seed: 5)
    let bytes = try TestImage.firmware(700).segments[0].bytes + random.bytes(60_000)
    let image = try TestImage.image(0x0800_0000, bytes)
    let plan = try target.plan(
      writing: image, with: ImageParts(), PlanOptions(keepsOtherBytes: false), permitting: OptionPermissions())
    let started = board.bench.simulation.time
    try target.execute(plan, verifies: true, permitting: OptionPermissions())
    let taken = board.bench.simulation.time - started
    // The chip asks for whole milliseconds: 33 for 2048 pulses of 16 us, 9 for 512.
    let programming = Duration.milliseconds(millivolts == nil ? 33 : 9) * (bytes.count / 2048 + 1)
    // To the chip and back: 32 packets a block, a request before and two behind it.
    let wire = (Duration.microseconds(140 * 4) + .nanoseconds(52_632 * 62)) * (bytes.count / 2048 + 1)
    #expect(taken < (programming + wire) * 1.03, "\(taken) for \(programming) and \(wire)")
  }

  @Test func `the bootloader is told of the supply, and works as wide as it allows`() throws {
    let times = try [nil, 3300].map { millivolts in
      let board = try BootloaderBench("stm32f412ce")
      let target = try board.dfuTarget(SessionOptions(millivolts: millivolts))
      let started = board.bench.simulation.time
      try target.execute(try target.plan(erasing: .all), verifies: false)
      return board.bench.simulation.time - started
    }
    #expect(times[1] < times[0] * 0.6)
  }

  @Test func `option bytes are changed, and the bootloader is found again`() throws {
    let board = try BootloaderBench("stm32f429zi")
    let target = try board.dfuTarget()
    try target.execute(
      try target.plan(changing: [.protecting([0, 1, 13])]), permitting: OptionPermissions())
    #expect(target.protection?.writeProtectedSectors.map(\.number) == [0, 1, 13])
    #expect(throws: SessionError.self) { try target.plan(erasing: .sectors([0])) }
    try target.execute(try target.planLiftingWriteProtection(), permitting: OptionPermissions())
    #expect(target.protection?.writeProtectedSectors.isEmpty == true)
    try target.write(try TestImage.firmware(300))
    #expect(target.close(leaving: nil).isClean)
  }

  @Test func `read protection hides everything, and is taken off with what it hides`() throws {
    let board = try BootloaderBench("stm32f446re")
    board.bench.setCells(at: 0, [1, 2, 3])
    let protecting = try board.dfuTarget()
    try protecting.execute(
      try protecting.plan(changing: [try OptionAssignment("RDP=level1")]), permitting: OptionPermissions())
    protecting.close(leaving: nil)
    var warnings: [String] = []
    let target = try board.dfuTarget { if case .warning(let text) = $0 { warnings.append("\(text)") } }
    #expect(warnings.contains { $0.contains("does not tell which chip") })
    #expect(throws: SessionError.self) { try target.read(address: 0x0800_0000, byteCount: 4) }
    try target.execute(
      try target.planLiftingAllProtection(), permitting: OptionPermissions(mayEraseEverything: true))
    #expect(target.device?.name == "STM32F446", "it can be told now")
    #expect(try target.read(address: 0x0800_0000, byteCount: 3) == [0xFF, 0xFF, 0xFF])
    #expect(board.storedReadProtection == 0)
  }

  @Test(arguments: [
    ("stm32f207zg", "STM32F205/207/215/217"), ("stm32f407vg", "STM32F405/407/415/417"), ("stm32f412zg", "STM32F412"),
    ("stm32f401cb", "STM32F401xB/C"), ("stm32f401re", "STM32F401xD/E"), ("stm32f411re", "STM32F411"),
  ])
  func `a bootloader that does not show the chip's number is told by what else it shows`(
    chip: String, name: String
  ) throws {
    let board = try BootloaderBench(chip)
    board.function.quirks.hidesIdentity = true
    #expect(try board.dfuTarget().device?.name == name)
  }

  @Test func `whatever state a program has left the device in, it is brought in order`() throws {
    for leave: (any USBDevice) throws -> Void in [
      { _ in },
      { try $0.dfu(4) },
      {
        try $0.dfu(4)
        try $0.dfu(1, [0x21, 0, 0, 0, 8])
      },
      {
        try $0.dfu(4)
        try $0.dfu(1, [0x41, 0, 0, 2, 8])
        try $0.status()
      },
      {
        try $0.dfu(4)
        _ = try $0.perform(
          [.controlIn(ControlSetup(requestType: 0xA1, request: 2, value: 2, index: 0, length: 64))], within: .seconds(1)
        )
      },
    ] {
      let board = try BootloaderBench("stm32f411re")
      try leave(try board.device())
      try board.dfuTarget().write(try TestImage.firmware(200))
    }
  }

  @Test func `what was programmed wrongly is found`() throws {
    let board = try BootloaderBench("stm32f446re", { $0.faults = [try Fault("cell-stuck-0")] })
    let target = try board.dfuTarget()
    var bytes = try TestImage.firmware(3000).segments[0].bytes
    bytes[0x100] = 0xFF
    #expect(throws: SessionError.self) { try target.write(try TestImage.image(0x0800_0000, bytes)) }
    #expect(target.close(leaving: nil).reason == "its flash holds no complete firmware")
  }

  @Test func `sectors that the device names as its own are refused before an erase, and others are written`() throws {
    let board = try BootloaderBench("stm32f411re")
    board.function.quirks.flashName = "@Internal Flash  /0x08000000/01*016Ka,03*016Kg,01*064Kg,03*128Kg"
    let target = try board.dfuTarget()
    let refusal = #expect(throws: SessionError.self) { try target.write(try TestImage.firmware(200)) }
    #expect(refusal?.report.category == .protected)
    #expect(refusal?.report.summary.contains("0x0800_0000") == true, "\(refusal?.report.summary ?? "")")
    try target.write(try TestImage.image(0x0800_4000, [UInt8](repeating: 0x5A, count: 64)))
    #expect(board.bench.cells(0x4000..<0x4040) == [UInt8](repeating: 0x5A, count: 64))
  }

  @Test func `every memory that the device names can be read`() throws {
    let target = try BootloaderBench("stm32f446re").dfuTarget()
    for (address, count) in [(0x1FFF_C000, 16), (0x1FFF_7800, 528), (0xFFFF_0000, 4)] as [(UInt32, Int)] {
      #expect(try target.read(address: address, byteCount: count).count == count)
    }
  }

  @Test func `a device that has left is not said to be in its bootloader`() throws {
    let board = try BootloaderBench("stm32f446re")
    let target = try board.dfuTarget()
    board.bench.simulation.usbSocket.pullHostOut()
    #expect(throws: SessionError.self) { try target.read(address: 0x0800_0000, byteCount: 4) }
    #expect(target.close(leaving: nil).lines == ["the chip is no longer on USB"])
  }
}

extension USBDevice {
  /// A class request with data to the device.
  fileprivate func dfu(_ request: UInt8, _ bytes: [UInt8] = []) throws {
    let setup = ControlSetup(
      requestType: 0x21, request: request, value: 0, index: 0, length: UInt16(bytes.count))
    _ = try perform([.controlOut(setup, bytes)], within: .seconds(1))
  }

  fileprivate func status() throws {
    _ = try perform(
      [.controlIn(ControlSetup(requestType: 0xA1, request: 3, value: 0, index: 0, length: 6))], within: .seconds(1))
  }
}
