import Engine
import Foundation
import LinkInterface
import SimProbe
import Trace

/// What recording a write of 1 MiB costs by processor time, how large the file is, and how fast it is read.
enum RecordingBenchmark {
  private static let byteCount = 1 << 20
  /// How often each is run, in turns.
  private static let repeats = 15
  /// The most that recording may cost, as a part of the write without it.
  private static let limit = 0.05

  static func run() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "stflash-bench-\(getpid()).pcapng").path
    defer { unlink(path) }
    print("probe  write  recorded  cost   limit  file      read      decode")
    for probe in ["v2-1", "v3"] {
      var best = (plain: Double.infinity, recorded: Double.infinity)
      var costs: [Double] = []
      for seed in 1...UInt64(repeats) {
        let plain = try secondsToWrite(seed, through: probe, recording: nil)
        let recorded = try secondsToWrite(seed, through: probe, recording: path)
        best = (min(best.plain, plain), min(best.recorded, recorded))
        costs.append(recorded / plain - 1)
      }
      // The median: another program on the machine slows now one side down and now the other.
      let cost = costs.sorted()[costs.count / 2]
      let file = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let reading = try speeds(of: file)
      let columns = [
        (probe, 7), (text(best.plain * 1e3, " ms"), 7), (text(best.recorded * 1e3, " ms"), 10),
        (text(cost * 100, " %", places: 1), 7), (text(limit * 100, " %"), 7),
        (text(Double(file.count) / 1e6, " MB", places: 2), 10), (text(reading.capture, " MB/s"), 10),
        (text(reading.operations, " MB/s"), 0),
      ]
      print(TableRow.text(columns))
      guard cost < limit else {
        throw BenchmarkFailure(text: "recording costs \(text(cost * 100, " %", places: 1)) of a write through \(probe)")
      }
    }
  }

  /// The processor time of one write, with the simulation made before and the file closed after.
  private static func secondsToWrite(_ seed: UInt64, through profile: String, recording path: String?) throws -> Double
  {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.probeProfile = profile
    let simulated = try Simulation(configuration).probe
    let bytes = RandomBytes.make(byteCount, seed: seed)
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) else { return .infinity }
    let start = ProcessorTime.now
    var probe: any USBDevice = simulated
    var file: Int32?
    if let path {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      guard descriptor >= 0 else { throw BenchmarkFailure(text: "cannot write \(path)") }
      file = descriptor
      probe = Recorder(simulated, options: RecorderOptions(handsOverSubmissionsFirst: false)) { bytes in
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
          throw BenchmarkFailure(text: "cannot write \(path)")
        }
      }
    }
    let session = TargetSession(probe: probe)
    try session.open()
    try session.execute(try session.plan(writing: image, isToBeExecuted: true))
    session.close()
    let seconds = ProcessorTime.now - start
    if let failure = (probe as? Recorder)?.failure { throw failure }
    if let file { close(file) }
    return seconds
  }

  /// Megabytes of the file in a second of processor time: read into transfers, and from there into operations too.
  private static func speeds(of file: [UInt8]) throws -> (capture: Double, operations: Double) {
    var best = (capture: Double.infinity, operations: Double.infinity)
    for _ in 0..<repeats {
      let start = ProcessorTime.now
      let exchanges = try Capture.read(file).session.exchanges
      let middle = ProcessorTime.now
      let observed = exchanges.map {
        ObservedTransfer(
          $0.request, received: $0.incomingBytes, hasEnd: $0.outcome != .unknown, submitted: $0.submitted,
          completed: $0.completed)
      }
      let texts = SessionDecoder.decode(observed).map(\.text)
      guard texts.count > 100 else { throw BenchmarkFailure(text: "only \(texts.count) operations are on record") }
      best = (min(best.capture, middle - start), min(best.operations, ProcessorTime.now - start))
    }
    let megabytes = Double(file.count) / 1e6
    return (megabytes / best.capture, megabytes / best.operations)
  }

  private static func text(_ value: Double, _ unit: String, places: Int = 0) -> String {
    String(format: "%.\(places)f", value) + unit
  }
}
