import Basics
import Engine
import LinkInterface
import SimProbe

/// 1 MiB of random bytes over a full F407, through both kinds of probe: the simulated time by phase beside the
/// controller's own, and the real time that the simulation takes.
enum WriteBenchmark {
  /// A probe, and how much longer than the controller itself a write through it may take.
  private static let probes: [(name: String, limit: Double)] = [("v2-1", 1.10), ("v3", 1.05)]
  /// One programming pulse of any width (data sheets, typical), which the simulated chip takes.
  private static let pulse = Duration.microseconds(16)

  /// A write that took longer than it may.
  struct TooSlow: Error {
    let probe: String
    let ratio: Double
  }

  private final class Log {
    var phases: [FlashPhase: Duration] = [:]
    var erasing = Duration.zero

    func record(_ event: FlashEvent) {
      switch event {
      case .phaseFinished(let phase, let duration): phases[phase, default: .zero] += duration
      case .sectorErased(_, let duration), .banksErased(_, let duration): erasing += duration
      default: break
      }
    }
  }

  static func run() throws {
    print("probe  erasing  programming  verifying  together  floor    ratio  limit  wall time")
    for probe in probes {
      var configuration = SimulationConfiguration(target: "stm32f407vg")
      configuration.probeProfile = probe.name
      var log = Log()
      let session = TargetSession(probe: try Simulation(configuration).probe) { log.record($0) }
      try session.open()
      defer { session.close() }
      try write(seed: 1, session)
      log = Log()
      let started = ContinuousClock.now
      let accesses = try write(seed: 2, session)
      let wall = ContinuousClock.now - started
      let parts = [FlashPhase.erasing, .programming, .verifying].map { log.phases[$0] ?? .zero }
      let together = parts.reduce(.zero, +)
      let floor = log.erasing + pulse * accesses
      let ratio = together / floor
      let columns = [
        (probe.name, 7), (text(parts[0]), 9), (text(parts[1]), 13), (text(parts[2]), 11), (text(together), 10),
        (text(floor), 9), (text(ratio, 3), 7), (text(probe.limit, 2), 7), (text(wall), 0),
      ]
      print(TableRow.text(columns))
      if ratio > probe.limit { throw TooSlow(probe: probe.name, ratio: ratio) }
    }
  }

  /// Writes 1 MiB of random bytes.
  ///
  /// - Returns: how many words were programmed.
  @discardableResult
  private static func write(seed: UInt64, _ session: TargetSession) throws -> Int {
    let bytes = RandomBytes.make(1 << 20, seed: seed)
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) else { return 0 }
    let plan = try session.plan(writing: image, isToBeExecuted: true)
    try session.execute(plan)
    return plan.programmedByteCount / 4
  }

  private static func text(_ duration: Duration) -> String { text(duration / .seconds(1), 2) + " s" }

  private static func text(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let digits = String(Int((value * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
