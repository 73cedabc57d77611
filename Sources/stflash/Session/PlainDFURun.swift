import Basics
import Engine
import Failures
import LinkInterface

/// One session with a device that speaks plain DFU: a file as a whole to it, or from it.
struct PlainDFURun {
  /// The device.
  let opened: OpenedDFUDevice
  /// The world outside.
  let context: CommandContext

  /// Sends a file, without a DFU suffix that it may have.
  func write(_ paths: [String]) throws(CommandFailure) {
    guard let path = paths.first, paths.count == 1 else {
      opened.opened.probe.close()
      throw .usage("a device that speaks plain DFU takes one file as a whole")
    }
    try run { (device, work) throws(CommandFailure) in
      let image = try contents(of: path)
      try reporting { () throws(SessionError) in
        if let named = image.dfuDevice { try device.check(named) }
        var progress = PhaseTold(.programming, image.totalByteCount, work, opened.clock, context)
        try device.download(image.segments[0].bytes) { progress.advance(by: $0) }
        progress.finish()
      }
      return WorkResult(
        name: "written",
        sentence: "sent \(FileSystem.name(of: path)), \(image.totalByteCount.inBytes), to the device; plain DFU has no "
          + "addresses, so whether it holds that was not compared,",
        facts: [
          JSONMember("file", .string(path)), JSONMember("imageBytes", .integer(image.totalByteCount)),
          JSONMember("verified", .boolean(false)),
        ], figures: work.figures(isSimulated: opened.isSimulated), concernsProgram: false)
    }
  }

  /// Reads what the device gives into a file.
  func read(into path: String) throws(CommandFailure) {
    try run { (device, work) throws(CommandFailure) in
      let bytes = try reporting { () throws(SessionError) in
        var progress = PhaseTold(.reading, 0, work, opened.clock, context)
        let bytes = try device.upload { progress.advance(by: $0) }
        progress.finish()
        return bytes
      }
      try reporting { () throws(FileSystemError) in try context.files.replace(path, with: bytes) }
      return WorkResult(
        name: "read",
        sentence: "read \(bytes.count.inBytes) that the device gives into \(FileSystem.name(of: path)) (raw binary)",
        facts: [JSONMember("file", .string(path)), JSONMember("bytes", .integer(bytes.count))],
        figures: work.figures(isSimulated: opened.isSimulated), concernsProgram: false)
    }
  }

  private func run(
    _ body: (PlainDFUDevice, WorkLog) throws(CommandFailure) -> WorkResult
  ) throws(CommandFailure) {
    let device = PlainDFUDevice(device: opened.opened.probe, interruption: context.interruption)
    try ProbeRun(opened: opened, context: context).callAsFunction { () throws(CommandFailure) in
      defer { device.close() }
      try reporting { () throws(SessionError) in try device.open() }
      return ProbeRun.Outcome(result: try body(device, WorkLog(clock: opened.clock)))
    }
  }

  /// A file as one piece, wherever it says that it belongs.
  private func contents(of path: String) throws(CommandFailure) -> FirmwareImage {
    let bytes = try reporting { () throws(FileSystemError) in try context.files.read(path) }
    let name = FileSystem.name(of: path)
    let isRaw = ImageFormat(content: bytes) == nil
    let image = try reporting { () throws(ImageError) in
      try FirmwareImage.read(bytes, name: name, baseAddress: isRaw ? 0 : nil)
    }
    guard image.segments.count == 1 else {
      throw .usage(
        "\(name) has \(image.segments.count) pieces with gaps between, which plain DFU cannot tell the device",
        remedies: ["Give the device a file without gaps"])
    }
    return image
  }
}

/// Progress of work that no plan stands behind.
private struct PhaseTold {
  private let phase: FlashPhase
  private let work: WorkLog
  private let clock: any LinkClock
  private let context: CommandContext
  private let started: Duration
  private var done = 0
  private let total: Int

  init(_ phase: FlashPhase, _ total: Int, _ work: WorkLog, _ clock: any LinkClock, _ context: CommandContext) {
    (self.phase, self.total, self.work, self.clock, self.context) = (phase, total, work, clock, context)
    started = clock.now
    tell(.phaseStarted(phase, total: total))
  }

  mutating func advance(by count: Int) { done += count }

  func finish() { tell(.phaseFinished(phase, duration: clock.now - started)) }

  private func tell(_ event: FlashEvent) {
    work.record(event)
    context.reporter.report(.flash(event))
  }
}
