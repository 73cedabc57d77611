import Engine
import LinkInterface
import SimProbe

/// What a program that goes on costs less: a comparison of 1 MiB and a read of 1 MiB, half of it blank, by a loader that
/// borrows the RAM, beside the same over the link alone; simulated time, and its ratio.
enum LookBenchmark {
  /// A probe, and the largest share of the link's time that comparing and reading may take.
  private static let probes: [(name: String, verify: Double, read: Double)] = [
    ("v2-old", 0.05, 0.60), ("v2-1", 0.07, 0.60), ("v3", 0.20, 0.65),
  ]

  /// Something that took longer than it may.
  struct TooSlow: Error {
    let work: String
    let ratio: Double
  }

  static func run() throws {
    print("look                    over the link  by the chip  ratio  limit")
    for probe in probes {
      // A stack, a start, and a program that spins there.
      var bytes: [UInt8] = [0, 0x40, 0, 0x20, 9, 0, 0, 8, 0xFE, 0xE7, 0, 0xBF]
      bytes += RandomBytes.make(1 << 19, seed: 5).dropFirst(bytes.count) + [UInt8](repeating: 0xFF, count: 1 << 19)
      let state = try written(bytes)
      let verify = { (session: TargetSession) in
        guard let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) else { return }
        try session.verify(image)
      }
      let read = { (session: TargetSession) in _ = try session.read(address: 0x0800_0000, byteCount: 1 << 20) }
      for (name, limit, work) in [("compare", probe.verify, verify), ("read", probe.read, read)] {
        let (slow, quick) = (
          try time(probe.name, state, usesLoader: false, work), try time(probe.name, state, usesLoader: true, work)
        )
        let ratio = quick / slow
        print(
          TableRow.text([
            ("\(probe.name), \(name) 1 MiB", 24), (milliseconds(slow), 15), (milliseconds(quick), 13),
            (thousandths(ratio), 7), (thousandths(limit), 0),
          ]))
        if ratio > limit { throw TooSlow(work: "\(probe.name), \(name)", ratio: ratio) }
      }
    }
  }

  /// A chip that holds a program, as a state file.
  private static func written(_ bytes: [UInt8]) throws -> [UInt8] {
    let simulation = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
    let session = TargetSession(probe: simulation.probe)
    try session.open()
    if let image = FirmwareImage(address: 0x0800_0000, bytes: bytes) {
      try session.execute(try session.plan(writing: image, isToBeExecuted: true))
    }
    session.close()
    return simulation.saveState()
  }

  private static func time(
    _ probe: String, _ state: [UInt8], usesLoader: Bool, _ work: (TargetSession) throws -> Void
  ) throws -> Duration {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    (configuration.probeProfile, configuration.state) = (probe, state)
    let device = try Simulation(configuration).probe
    let session = TargetSession(probe: device, options: SessionOptions(usesLoader: usesLoader))
    try session.open()
    defer { session.close() }
    let start = device.clock.now
    try work(session)
    return device.clock.now - start
  }

  private static func milliseconds(_ duration: Duration) -> String {
    "\(Int((duration / .milliseconds(1)).rounded())) ms"
  }

  private static func thousandths(_ value: Double) -> String {
    let number = Int((value * 1000).rounded())
    let digits = String(number % 1000)
    return "\(number / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}
