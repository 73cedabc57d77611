import ArgumentParser
import Basics
import Engine

// st-flash's ways to write what is no flash: `--area=option write VALUE`, `--area=otp write FILE ADDRESS`. They are `option` and
// `otp write` by other names: one engine, one safety.
extension WriteCommand {
  /// The word behind `write --area=option`, as st-flash takes it: 0x, 0b, octal or decimal.
  func registerWord() throws(ValidationError) -> UInt32 {
    let area = beyond.area?.rawValue ?? ""
    guard image.rest.isEmpty, let number = try? Number.parse(image.file), let word = UInt32(exactly: number) else {
      throw ValidationError("--area=\(area) takes one word, the register's bits: write --area=\(area) 0x0FFFAAEC.")
    }
    // st-flash refuses it for `option`: an empty variable of a script would protect everything.
    if word == 0 {
      throw ValidationError(
        "0 would protect every sector and the whole chip: name the fields, option WRP=all RDP=level1.")
    }
    return word
  }

  /// Sets an option register.
  func write(_ register: OptionField.Register, in context: CommandContext) throws(CommandFailure) {
    let word: UInt32
    do throws(ValidationError) { word = try registerWord() } catch { throw .usage(error.message) }
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let plan = try reporting { () throws(SessionError) in
        try bench.session.plan(changing: [.register(register, word)])
      }
      return try OptionWork(isShown: writing.plan, permissions: beyond.permissions)
        .carryOut(plan, bench, context.reporter)
    }
  }

  /// Programs a file into OTP.
  func writeOTP(in context: CommandContext) throws(CommandFailure) {
    let content = try image.image(in: context)
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let outside = content.parts(outside: MemoryMap.presumed.otp.range)
      if !outside.isEmpty {
        throw .usage(
          "\(image.name) holds bytes that are not for OTP, which is \(MemoryMap.presumed.otp.range.addresses)",
          evidence: outside.map { "\(Hexadecimal.range($0.range)), \($0.byteCount.byteSize)" } + ["nothing was touched"]
        )
      }
      let plan = try reporting { () throws(SessionError) in
        try bench.session.plan(
          writing: content, with: ImageParts(includesOTP: true), PlanOptions(), permitting: nil)
      }
      if writing.plan {
        return ImagePlanResult(plan: plan, permissions: beyond.permissions, deviceName: bench.device.name)
      }
      _ = try reporting { () throws(SessionError) in
        try bench.session.execute(plan, verifies: true, permitting: beyond.permissions)
      }
      guard let otp = plan.otp else { throw .usage("\(image.name) holds nothing for OTP") }
      return WorkResult.otpWritten(otp, of: image.name, image.sources[0].path, at: content.span.lowerBound, bench)
    }
  }
}
