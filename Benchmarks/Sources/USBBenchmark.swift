import Basics
import Engine
import Foundation
import LinkInterface
import SimProbe

/// How fast bulk packets go through the simulated chip's own USB and a firmware behind it, by processor time.
enum USBBenchmark {
  private static let board = "stm32f4discovery"
  private static let program = "firmware/tests/loopback.bin"
  /// The least that is moved a second, both directions together, in bytes.
  private static let least = 1_000_000.0
  private static let roundCount = 16_384

  static func run() throws {
    let simulation = try Simulation(SimulationConfiguration(target: board))
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: program)))
    let image = try FirmwareImage.read(bytes, name: program, ImageReadingOptions(baseAddress: 0x0800_0000))
    let session = TargetSession(probe: simulation.probe)
    try session.open()
    try session.execute(try session.plan(writing: image))
    session.close()
    guard let device = simulation.openChipUSB() else { throw BenchmarkFailure(text: "no device shows itself") }
    let packet = [UInt8](repeating: 0x55, count: 64)
    let (begin, simulated) = (ProcessorTime.now, simulation.time)
    for _ in 0..<roundCount {
      let answers = try device.perform(
        [.bulkOut(.output(1), packet), .bulkIn(.input(1), byteCount: 64)], within: .seconds(1))
      guard answers[1] == packet else { throw BenchmarkFailure(text: "a packet came back otherwise") }
    }
    let (seconds, passed) = (ProcessorTime.now - begin, (simulation.time - simulated) / .seconds(1))
    let moved = Double(2 * 64 * roundCount)
    print("bulk, both directions: \(Int(moved / seconds / 1000)) kB/s, at least \(Int(least / 1000)) kB/s")
    print("a second of the chip takes \(Int(seconds / passed * 1000)) ms")
    guard moved / seconds >= least else { throw BenchmarkFailure(text: "slower than it may be") }
  }
}
