// Writing and comparing images that hold more than what lies in the main flash.
extension TargetSession {
  /// Works out what writing an image would do, with the parts of it that are asked for; touches nothing.
  ///
  /// - Parameter permissions: what may be done beside writing the flash, where the plan is to be executed: it is refused then
  ///   before the core is reset and halted, as `plan(writing:_:isToBeExecuted:)` does. Nil for a plan to be shown.
  public func plan(
    writing image: FirmwareImage, with parts: ImageParts, _ choices: PlanOptions = PlanOptions(),
    permitting permissions: OptionPermissions? = nil
  ) throws(SessionError) -> ImagePlan {
    let otp = parts.includesOTP ? image.part(in: [MemoryMap.presumed.otp.range]) : nil
    let otpPlan = try otp.map { (image) throws(SessionError) in try plan(programmingOTPOf: image) }
    let inFlash = image.part(outside: parts.ranges)
    let optionPlan = try planOptions(of: image, parts, isAfterWriting: inFlash != nil)
    if let permissions { try check(otpPlan, optionPlan, permissions) }
    let flashPlan = try inFlash.map { (image) throws(SessionError) in
      try plan(writing: image, choices, isToBeExecuted: permissions != nil)
    }
    return ImagePlan(flash: flashPlan, otp: otpPlan, options: optionPlan)
  }

  private func planOptions(
    of image: FirmwareImage, _ parts: ImageParts, isAfterWriting: Bool
  ) throws(SessionError) -> OptionPlan? {
    let assignments = parts.includesOptions ? try self.assignments(of: image) : []
    if assignments.isEmpty { return nil }
    let plan = try planOptions(isAfterWriting: isAfterWriting) { (options) throws(OptionRefusal) in
      try options.applying(assignments)
    }
    guard isAfterWriting else { return plan }
    if !plan.erasedSectors.isEmpty { throw .plan(.options(.erasesFirmware)) }
    if plan.changes.contains(where: { $0.field.role == .dualBank }), plan.after.layout.hasChoiceOfBanks {
      throw .plan(.options(.cutsFlashOtherwise))
    }
    return plan
  }

  private func assignments(of image: FirmwareImage) throws(SessionError) -> [OptionAssignment] {
    do throws(OptionRefusal) {
      return try OptionAssignment.assignments(of: image)
    } catch {
      throw .plan(.options(error))
    }
  }

  /// Carries out a plan of this session: the flash, then OTP, then the option bytes; each is compared before the next.
  ///
  /// - Parameter permissions: what may be done beside it; looked at before anything is touched.
  /// - Returns: the plan of the flash that went through; nil where there was none.
  @discardableResult
  public func execute(
    _ plan: ImagePlan, verifies: Bool = true, permitting permissions: OptionPermissions = OptionPermissions()
  ) throws(SessionError) -> FlashPlan? {
    try check(plan.otp, plan.options, permissions)
    let done = try plan.flash.map { (flash) throws(SessionError) in try execute(flash, verifies: verifies) }
    if let otp = plan.otp { try execute(otp, permittedBy: permissions.commitments) }
    if let options = plan.options { try execute(options, permitting: permissions) }
    return done
  }

  private func check(
    _ otp: OTPPlan?, _ options: OptionPlan?, _ permissions: OptionPermissions
  ) throws(SessionError) {
    if let otp { try check(otp, permissions.commitments) }
    guard let options else { return }
    do throws(OptionRefusal) { try permissions.check(options) } catch { throw .plan(.options(error)) }
  }

  /// Compares the chip with an image, with the parts of it that are asked for.
  ///
  /// - Parameter mayReset: as in `verify(_:mayReset:)`.
  public func verify(
    _ image: FirmwareImage, with parts: ImageParts, mayReset: Bool = false
  ) throws(SessionError) {
    if let inFlash = image.part(outside: parts.ranges) { try verify(inFlash, mayReset: mayReset) }
    if parts.includesOTP, let otp = image.part(in: [MemoryMap.presumed.otp.range]) { try compareOTP(otp) }
    let assignments = parts.includesOptions ? try self.assignments(of: image) : []
    if assignments.isEmpty { return }
    let found = try readOptions().lasting
    let expected: OptionBytes
    do throws(OptionRefusal) { expected = try found.applying(assignments) } catch { throw .plan(.options(error)) }
    if found != expected { throw .flash(FlashError(.otherOptions(found, expected: expected))) }
  }

  private func compareOTP(_ image: FirmwareImage) throws(SessionError) {
    let link = try openLink()
    _ = try readOTP()
    try flash { () throws(FlashError) in
      try Verifier(reader: flashReader(link), context: .standingAlone)
        .verify(image.segments.map { FlashBlock(address: $0.address, bytes: $0.bytes) }) { _ in }
    }
  }
}
