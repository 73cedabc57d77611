import Engine
import TestSupport
import Testing

@testable import SimProbe

/// Parts with two banks that have changed places (BFB2): every verb goes by the banks' own places.
@Suite("Swapped banks")
struct SwappedBankTests {
  private static let bankByteCount = 1 << 20

  /// A bench whose both banks hold a program and random bytes; with the swap on, the ROM has started bank 2.
  private func bench(isSwapped: Bool) throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f429zi")
    var random = SeededGenerator(seed: 7)
    for bank in 0...1 {
      let program: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
      bench.setCells(at: bank * Self.bankByteCount, program + random.bytes(40_000))
    }
    bench.setOptions(user: isSwapped ? 0xAAFC : 0xAAEC)
    // The ROM chooses the bank.
    bench.simulation.run(for: .milliseconds(1))
    #expect(bench.simulation.board.chip.bus.bankSwap == (isSwapped ? UInt32(Self.bankByteCount) : 0))
    return bench
  }

  private func open(_ bench: SimulatedBench, _ mode: AttachMode) throws -> TargetSession {
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: mode))
    try session.open()
    #expect(session.protection?.startsFromBank2 == (bench.simulation.board.chip.flash.storedOptions.bootsFromBank2))
    return session
  }

  @Test(arguments: [false, true])
  func `a hot plug writes nothing to find out where the banks are`(isSwapped: Bool) throws {
    let bench = try bench(isSwapped: isSwapped)
    let session = try open(bench, .hotPlug)
    #expect(try session.read(address: 0x0800_0000, byteCount: 0x800) == Array(bench.flash[..<0x800]))
    session.close()
    #expect(!bench.hasWritten)
    // The same look finds the writes of a session that takes the core.
    try open(bench, .normal).close()
    #expect(bench.hasWritten)
  }

  @Test(arguments: [false, true], [AttachMode.normal, .hotPlug, .underReset])
  func `reading, comparing, writing and erasing touch the bytes that they name and no others`(
    isSwapped: Bool, mode: AttachMode
  ) throws {
    let bench = try bench(isSwapped: isSwapped)
    var model = bench.flash
    var session = try open(bench, mode)
    #expect(try session.read(address: 0x0800_0000 + 0xF_F000, byteCount: 0x2000) == Array(model[0xF_F000..<0x10_1000]))
    #expect(try session.read(address: 0x0800_0000, byteCount: 0x800) == Array(model[..<0x800]))
    try session.verify(try TestImage.image(0x0810_0000, Array(model[0x10_0000..<0x10_4000])))
    session.close()
    // A program that goes on finds its banks as they were.
    #expect(bench.simulation.board.chip.bus.bankSwap == (isSwapped ? UInt32(Self.bankByteCount) : 0))

    var random = SeededGenerator(seed: 8)
    for address in [UInt32(0x0800_4000), 0x0810_4000] {
      session = try open(bench, mode)
      let bytes = random.bytes(3001)
      try session.execute(try session.plan(writing: try TestImage.image(address, bytes), isToBeExecuted: true))
      session.close()
      let offset = Int(address - 0x0800_0000)
      model.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      #expect(bench.flash == model)
    }
    for request in [EraseRequest.sectors([0]), .sectors([13]), .range(address: 0x0810_8000, byteCount: 0x4000)] {
      session = try open(bench, mode)
      try session.execute(try session.plan(erasing: request))
      session.close()
      switch request {
      case .sectors([0]): model.replaceSubrange(0..<0x4000, with: repeatElement(0xFF, count: 0x4000))
      case .sectors: model.replaceSubrange(0x10_4000..<0x10_8000, with: repeatElement(0xFF, count: 0x4000))
      default: model.replaceSubrange(0x10_8000..<0x10_C000, with: repeatElement(0xFF, count: 0x4000))
      }
      #expect(bench.flash == model)
    }
  }
}
