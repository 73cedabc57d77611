import LinkInterface

@testable import Engine
@testable import SimProbe

/// The loader's code in the RAM of a simulated chip, given a whole ring of commands at once.
final class LoaderBench {
  /// What the loader has left in its parameter block.
  struct Outcome: Equatable {
    var status: UInt32
    var flashStatus: UInt32
    var address: UInt32
    var results: [UInt32]
  }

  let link: STLink
  let simulation: Simulation
  private let core: CoreControl

  private static let base: UInt32 = 0x2000_0000
  private static let parameterCount = 8
  private static let resultCount = 256

  init(_ target: String = "stm32f407vg") throws {
    simulation = try Simulation(SimulationConfiguration(target: target))
    link = try STLink(probe: simulation.probe)
    core = try Attach.run(link, mode: .normal).core
    try core.resetAndHalt()
    for key: UInt32 in [0x4567_0123, 0xCDEF_89AB] { try link.writeWord(key, at: 0x4002_3C04) }
    try link.writeWord(0x1000, at: 0x4002_3830)
    try link.writeWord(0x0100_0000, at: 0xE000_EDFC)
    try link.writeWord(1, at: 0xE000_1000)
  }

  /// Runs the loader over a ring that holds these words from the start, until it has carried out `count` commands or
  /// has stopped by itself.
  func run(_ commands: [UInt32], count: Int, within limit: Duration = .seconds(30)) throws -> Outcome {
    let parameters = LoaderBench.base + UInt32(LoaderCode.words.count * 4)
    let ring = parameters + UInt32((LoaderBench.parameterCount + LoaderBench.resultCount + 8) * 4)
    let end = ring + UInt32(commands.count * 4)
    try write(LoaderCode.words, at: LoaderBench.base)
    try write([end, ring, end + 4, ring, 0, 0, 0, 0], at: parameters)
    try write(commands, at: ring)
    try link.writeCoreRegister(.general(0), parameters)
    try link.writeCoreRegister(.programCounter, LoaderBench.base)
    try link.writeCoreRegister(.xPSR, 0x0100_0000)
    try core.run(maskingInterrupts: true)
    let deadline = link.clock.deadline(after: limit)
    var found: [UInt32]
    repeat {
      link.clock.wait(for: .milliseconds(1))
      found = try read(at: parameters, count: LoaderBench.parameterCount)
    } while found[4] == 0 && found[7] < count && !link.clock.hasPassed(deadline)
    try core.halt()
    return Outcome(
      status: found[4], flashStatus: found[5], address: found[6],
      results: try read(at: parameters + UInt32(LoaderBench.parameterCount * 4), count: Int(found[7])))
  }

  func write(_ words: [UInt32], at address: UInt32) throws {
    try link.writeMemory(
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }, at: address)
  }

  func read(at address: UInt32, count: Int) throws -> [UInt32] {
    let bytes = try link.readMemory(at: address, byteCount: count * 4)
    return (0..<count).map { index in (0..<4).reduce(0) { $0 | UInt32(bytes[index * 4 + $1]) << ($1 * 8) } }
  }
}
