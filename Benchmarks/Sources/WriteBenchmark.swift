import Basics
import Engine
import LinkInterface
import SimProbe

/// 1 MiB of random bytes over a full F407, and the same with a change in two of its sectors, through both kinds of probe; and
/// 1 MiB to a blank one, random and as repetitive as code: the simulated time by phase beside the controller's own, and
/// the real time that the simulation takes.
enum WriteBenchmark {
  /// A probe, and how much longer than the controller itself a write through it may take.
  private static let probes: [(name: String, limit: Double)] = [("v2-1", 1.10), ("v3", 1.05)]
  /// The same for a blank chip, for which a slow link decides: bytes that do not get shorter, and code.
  private static let blank: [(name: String, random: Double, code: Double)] = [
    ("v2-old", 5.7, 4.6), ("v2-1", 1.65, 1.35), ("v3", 1.10, 1.10),
  ]
  /// The same for a small change, for which the other sectors are looked through.
  private static let changeLimit = 1.25
  /// One programming pulse of any width (data sheets, typical), which the simulated chip takes.
  private static let pulse = Duration.microseconds(16)

  /// A write that took longer than it may.
  struct TooSlow: Error {
    let write: String
    let ratio: Double
  }

  static func run() throws {
    print("write                  erasing  programming  verifying  together  floor    ratio  limit  wall time")
    for probe in probes {
      let bench = try WriteBench(probeProfile: probe.name)
      defer { bench.session.close() }
      var bytes = RandomBytes.make(1 << 20, seed: 1)
      _ = try bench.write(bytes)
      bytes = RandomBytes.make(1 << 20, seed: 2)
      try compare(try bench.write(bytes), "\(probe.name), 1 MiB", probe.limit)
      // One in the sector of 64 KiB, one in a sector of 128 KiB.
      for place in [0x1_2345, 0x2_3456] { bytes[place] ^= 0xFF }
      try compare(try bench.write(bytes), "\(probe.name), changes", changeLimit)
    }
    for probe in blank {
      let images = [
        ("random", RandomBytes.make(1 << 20, seed: 3), probe.random),
        ("code", RandomBytes.codeLike(1 << 20, seed: 4), probe.code),
      ]
      for (name, bytes, limit) in images {
        let bench = try WriteBench(probeProfile: probe.name)
        defer { bench.session.close() }
        try compare(try bench.write(bytes), "\(probe.name), blank, \(name)", limit)
      }
    }
  }

  private static func compare(_ run: WriteBench.Run, _ name: String, _ limit: Double) throws {
    let parts = [FlashPhase.erasing, .programming, .verifying].map { run.phases[$0] ?? .zero }
    let floor = run.erasing + pulse * run.wordCount
    let ratio = run.whole / floor
    let columns = [
      (name, 23), (text(parts[0]), 9), (text(parts[1]), 13), (text(parts[2]), 11), (text(run.whole), 10),
      (text(floor), 9), (text(ratio, 3), 7), (text(limit, 2), 7), (text(run.wall), 0),
    ]
    print(TableRow.text(columns))
    if ratio > limit { throw TooSlow(write: name, ratio: ratio) }
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
