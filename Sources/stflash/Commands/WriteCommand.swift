import ArgumentParser
import Basics
import Engine

/// `write FILE [ADDR]`: erases what has to be erased, programs, verifies.
struct WriteCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write a firmware and verify it.",
    discussion: """
      Only the sectors that the firmware touches are erased, and what it does not mention in them is kept; a sector that \
      holds already what it is to hold is compared and left alone. The vector table is programmed last, so that a write \
      that breaks off leaves no half firmware that starts.
      """)

  @OptionGroup(title: "Writing") var writing: WritingOptions
  @OptionGroup var image: ImageOptions
  @OptionGroup(title: "Option bytes and OTP") var beyond: BeyondFlashOptions
  @OptionGroup(title: "Programming") var width: WidthOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { (beyond.register == nil ? image.fileUses : []) + session.fileUses }

  func validate() throws {
    try session.validate()
    if let reason = beyond.area?.writingObstacle { throw ValidationError(reason) }
    if let area = beyond.area, area != .main, let flag = flashFlag {
      throw ValidationError("\(flag) is for the flash, and \(area.rawValue) is written.")
    }
    if beyond.register != nil { _ = try registerWord() }
  }

  /// An option that only a write to the flash can follow.
  private var flashFlag: String? {
    let flags = [
      ("--erase-all", writing.eraseAll), ("--rewrite", writing.rewrite), ("--no-keep", writing.noKeep),
      ("--no-verify", writing.noVerify), ("--only-flash", image.reading.onlyFlash),
      ("--with-options", image.reading.withOptions), ("--with-otp", image.reading.withOtp),
    ]
    return flags.first { $0.1 }?.0
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    if let register = beyond.register { return try write(register, in: context) }
    if beyond.area == .otp { return try writeOTP(in: context) }
    if let plain = try session.openPlainDFU(in: context) {
      return try PlainDFURun(opened: plain, context: context).write(image.sources.map(\.path))
    }
    let firmware = try image.image(in: context, expectsProgram: true)
    if writing.noVerify && !writing.plan {
      context.reporter.report(.warning("--no-verify: nobody will know whether the chip holds what was written"))
    }
    let run = TargetRun(
      options: session, width: width, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let part = try image.part(of: firmware, for: bench.device, context.reporter)
      return try ImageOptions.explaining({ () throws(SessionError) in try write(part, bench, context) }, with: firmware)
    }
  }

  private func write(
    _ firmware: FirmwareImage, _ bench: TargetRun.Bench, _ context: CommandContext
  ) throws(SessionError) -> any CommandResult {
    let plan = try bench.session.plan(
      writing: firmware, with: image.parts,
      PlanOptions(
        keepsOtherBytes: !writing.noKeep, skipsEqualSectors: !writing.rewrite, erasesEverything: writing.eraseAll),
      permitting: writing.plan ? nil : beyond.permissions)
    if writing.plan {
      return ImagePlanResult(plan: plan, permissions: beyond.permissions, deviceName: bench.device.name)
    }
    plan.options?.warnings.forEach { context.reporter.report(.warning("\($0)")) }
    let done = try bench.session.execute(plan, verifies: !writing.noVerify, permitting: beyond.permissions)
    try startAnew(after: plan, bench.session)
    guard let done else { return beyondFlashResult(plan, bench) }
    return result(firmware, done, plan, bench)
  }

  /// Whether anything had to be written makes no difference to the firmware: it starts anew, where it does so at all.
  private func startAnew(after plan: ImagePlan, _ session: any ProgrammableTarget) throws(SessionError) {
    if session.resetsAfterWriting {
      if plan.isEmpty && (writing.reset || !session.leavesProgramRunning) { try session.reset() }
    } else if writing.reset {
      try session.reset()
    }
  }

  /// What was done where the image has nothing for the flash.
  private func beyondFlashResult(_ plan: ImagePlan, _ bench: TargetRun.Bench) -> WorkResult {
    WorkResult(
      name: "written",
      sentence: plan.isEmpty
        ? "\(bench.device.name) has what \(image.name) holds already: nothing was changed,"
        : "\(image.name): \(plan.otherDeeds.joined(separator: ", ")), in \(bench.device.name), read back,",
      facts: [
        JSONMember("file", .string(image.sources[0].path)), JSONMember("files", .strings(image.sources.map(\.path))),
      ] + plan.otherFacts, figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: false)
  }

  /// - Parameters:
  ///   - plan: what was done in the flash.
  ///   - planned: what was to be done in all.
  private func result(
    _ firmware: FirmwareImage, _ plan: FlashPlan, _ planned: ImagePlan, _ bench: TargetRun.Bench
  ) -> WorkResult {
    let name = image.name
    let parallelism = planned.flash?.parallelism ?? plan.parallelism
    let verdict =
      (writing.noVerify ? "not verified" : "verified")
      + (plan.parallelism == parallelism ? "" : ", at \(plan.parallelism.name) because \(parallelism.name) failed")
      + (plan.equalSectors.isEmpty ? "" : ", \(plan.equalSectors.count.of("equal sector")) left alone")
    let inFlash = firmware.part(in: [bench.device.sectorMap.range]) ?? firmware
    let place = "\(bench.device.name) at \(inFlash.span.lowerBound.hexadecimal)"
    let others = planned.otherDeeds.map { ", \($0)" }.joined()
    let sentence =
      plan.isEmpty
      ? "\(place) holds \(name) already, nothing was written\(others)"
      : "wrote \(name), \(plan.imageByteCount.inBytes), to \(place), \(verdict)\(others),"
    return WorkResult(
      name: "written", sentence: sentence,
      facts: [
        JSONMember("file", .string(image.sources[0].path)), JSONMember("files", .strings(image.sources.map(\.path))),
        JSONMember("format", .string(firmware.format.rawValue)),
        JSONMember("address", .integer(Int(inFlash.span.lowerBound))),
        JSONMember("imageBytes", .integer(plan.imageByteCount)),
        JSONMember("programmedBytes", .integer(plan.programmedByteCount)),
        JSONMember("erasedSectors", .array(plan.erasedSectors.map { .integer($0.number) })),
        JSONMember("equalSectors", .array(plan.equalSectors.map { .integer($0.number) })),
        JSONMember("widthBits", .integer(plan.parallelism.byteCount * 8)),
        JSONMember("verified", .boolean(!writing.noVerify)),
      ] + planned.otherFacts,
      figures: bench.work.figures(isSimulated: bench.isSimulated))
  }
}

/// What `write` does beside writing.
struct WritingOptions: ParsableArguments {
  @Flag(help: "Show what would be done and touch nothing.")
  var plan = false

  @Flag(help: "Erase and program also what the flash holds already.")
  var rewrite = false

  @Flag(help: "Leave alone what the flash holds already, which is done without being asked; for older command lines.")
  var skipEqual = false

  @Flag(
    name: [.customLong("erase-all"), .customLong("mass-erase")],
    help:
      "Erase the whole flash first, sectors that the firmware does not mention included; nothing is kept or skipped.")
  var eraseAll = false

  @Flag(help: "Do not keep the bytes of a touched sector that the firmware does not mention.")
  var noKeep = false

  @Flag(help: "Do not read back and compare.")
  var noVerify = false

  @Flag(help: "Reset the chip in the end, so that the firmware starts; after a write this happens anyway.")
  var reset = false

  func validate() throws {
    if rewrite && skipEqual {
      throw ValidationError("--rewrite writes what --skip-equal leaves alone: give one of them.")
    }
  }
}
