import ProbeInterface

@testable import Engine
@testable import SimProbe

/// The loader's code in the RAM of a simulated chip, given a whole ring of commands at once.
final class LoaderBench {
  /// What the loader leaves in its parameter block when it stops.
  struct Outcome: Equatable {
    var status: UInt32
    var flashStatus: UInt32
    var address: UInt32
    var result: UInt32
    var count: UInt32
  }

  let link: STLink
  private let simulation: Simulation
  private let core: CoreControl

  private static let base: UInt32 = 0x2000_0000
  private static let parameterCount = 9

  init(_ target: String = "stm32f407vg") throws {
    simulation = try Simulation(SimulationConfiguration(target: target))
    link = try STLink(probe: simulation.probe)
    core = try Attach.run(link, mode: .normal).core
    try core.resetAndHalt()
    for key: UInt32 in [0x4567_0123, 0xCDEF_89AB] { try link.writeWord(key, at: 0x4002_3C04) }
  }

  /// Runs the loader over a ring that holds these words from the start, until it stops.
  func run(_ commands: [UInt32]) throws -> Outcome {
    let parameters = LoaderBench.base + UInt32(LoaderCode.words.count * 4)
    let ring = parameters + UInt32(LoaderBench.parameterCount * 4)
    let end = ring + UInt32(commands.count * 4)
    try write(LoaderCode.words, at: LoaderBench.base)
    try write([end, ring, 0, 0, 0, ring, end + 4, 0, 0], at: parameters)
    try write(commands, at: ring)
    try link.writeCoreRegister(.general(0), parameters)
    try link.writeCoreRegister(.programCounter, LoaderBench.base)
    try link.writeCoreRegister(.xPSR, 0x0100_0000)
    try core.run(maskingInterrupts: true)
    try core.waitForHalt(within: .seconds(30))
    let found = try read(at: parameters, count: LoaderBench.parameterCount)
    return Outcome(status: found[2], flashStatus: found[3], address: found[4], result: found[7], count: found[8])
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
