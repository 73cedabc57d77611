import Engine
import LinkInterface
import SimProbe

/// An F407 behind a probe, to which images are written one after the other; what each write took.
final class WriteBench {
  /// What one write took.
  struct Run {
    var phases: [FlashPhase: Duration] = [:]
    /// What the controller erased for.
    var erasing = Duration.zero
    /// How many words were programmed.
    var wordCount = 0
    /// All of it, from the first look at the flash on, by the probe's clock.
    var whole = Duration.zero
    var wall = Duration.zero

    fileprivate mutating func record(_ event: FlashEvent) {
      switch event {
      case .phaseFinished(let phase, let duration): phases[phase, default: .zero] += duration
      case .sectorErased(_, let duration), .banksErased(_, let duration): erasing += duration
      default: break
      }
    }
  }

  private final class Log { var run = Run() }

  let session: TargetSession
  private let clock: any LinkClock
  private let log = Log()

  init(probeProfile: String) throws {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.probeProfile = probeProfile
    let probe = try Simulation(configuration).probe
    clock = probe.clock
    session = TargetSession(probe: probe) { [log] in log.run.record($0) }
    try session.open()
  }

  /// Writes bytes from the start of the flash on, as `stflash write` does.
  func write(_ bytes: [UInt8]) throws -> Run {
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) else { return Run() }
    log.run = Run()
    let (begin, started) = (clock.now, ContinuousClock.now)
    let plan = try session.plan(writing: image, PlanOptions(skipsEqualSectors: true), isToBeExecuted: true)
    try session.execute(plan)
    log.run.wordCount = plan.programmedByteCount / 4
    log.run.whole = clock.now - begin
    log.run.wall = ContinuousClock.now - started
    return log.run
  }
}
