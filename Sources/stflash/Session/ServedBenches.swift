import ProbeServer

/// Simulated probes for other programs, with what is to be kept of them when all is over.
struct ServedBenches {
  /// The devices in the order in which the user named them.
  private(set) var devices: [ServedDevice] = []
  private var benches: [SimulatedBench] = []
  private var recorders: [RecordedVirtualDevice] = []

  /// Adds a device, with the bench that it is on.
  mutating func add(_ device: ServedDevice, on bench: SimulatedBench, recordedBy recorder: RecordedVirtualDevice?) {
    devices.append(device)
    benches.append(bench)
    if let recorder { recorders.append(recorder) }
  }

  /// Tells what went over each device, and writes state files and recordings.
  func finish(in context: CommandContext) throws(CommandFailure) {
    for device in devices { context.reporter.report(.note(device.summary)) }
    for bench in benches { try bench.finish() }
    for recorder in recorders { try recorder.finish() }
  }
}

extension ServedDevice {
  /// What went over the device, in words.
  fileprivate var summary: String {
    "\(name): \(traffic.outputCount) transfers out (\(traffic.outputBytes) bytes), "
      + "\(traffic.inputCount) in (\(traffic.inputBytes) bytes)"
  }
}
