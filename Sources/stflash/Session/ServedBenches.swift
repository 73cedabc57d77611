import ProbeServer

/// Simulated probes for other programs, with what is to be kept and told of them when all is over.
struct ServedBenches {
  /// The devices in the order in which the user named them.
  private(set) var devices: [ServedDevice] = []
  private var benches: [SimulatedBench] = []
  private var logs: [ClientLog] = []
  private var recorders: [RecordedVirtualDevice] = []

  /// Adds a device, with the bench that it is on and who watches it.
  mutating func add(
    _ device: ServedDevice, on bench: SimulatedBench, loggedBy log: ClientLog,
    recordedBy recorder: RecordedVirtualDevice?
  ) {
    devices.append(device)
    benches.append(bench)
    logs.append(log)
    if let recorder { recorders.append(recorder) }
  }

  /// What has been done on the devices that nobody holds any more and that has not been told yet.
  func untoldWork() -> [ClientWork] {
    zip(devices, logs).filter { !$0.0.isHeld }.compactMap { $0.1.summary() }
  }

  /// Tells what nobody has been told yet, and writes state files and recordings.
  func finish(in context: CommandContext) throws(CommandFailure) {
    for work in logs.compactMap({ $0.summary() }) { context.reporter.report(.work(work)) }
    for bench in benches { try bench.finish() }
    for recorder in recorders { try recorder.finish() }
  }
}
