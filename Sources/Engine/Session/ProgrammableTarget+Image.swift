import Failures

// Images that hold more than what lies in the main flash, and OTP, by whatever link leads to the chip.
extension ProgrammableTarget {
  /// Works out what has to be programmed for bytes to stand at an address; touches nothing.
  ///
  /// - Throws: `SessionError.plan` with `PlanError.otp` for what OTP cannot become.
  public func plan(programming bytes: [UInt8], intoOTPAt address: UInt32) throws(SessionError) -> OTPPlan {
    try planOTP { (contents) throws(OTPRefusal) in try contents.plan(writing: bytes, at: address) }
  }

  /// Works out what locking a block of OTP would do; touches nothing.
  public func plan(lockingOTPBlock number: Int) throws(SessionError) -> OTPPlan {
    try planOTP { (contents) throws(OTPRefusal) in try contents.plan(locking: number) }
  }

  /// Works out what has to be programmed for OTP to hold what an image has for it; nil where it has nothing that is asked for.
  func planOTP(of image: FirmwareImage, _ parts: ImageParts) throws(SessionError) -> OTPPlan? {
    guard parts.includesOTP, let otp = image.part(in: [MemoryMap.presumed.otp.range]) else { return nil }
    return try planOTP { (contents) throws(OTPRefusal) in try contents.plan(writing: otp) }
  }

  private func planOTP(_ plan: (OTPContents) throws(OTPRefusal) -> OTPPlan) throws(SessionError) -> OTPPlan {
    let contents = try readOTP()
    do throws(OTPRefusal) { return try plan(contents) } catch { throw .plan(.otp(error)) }
  }

  func check(_ plan: OTPPlan, _ words: [String]) throws(SessionError) {
    do throws(OTPRefusal) { try plan.check(words) } catch { throw .plan(.otp(error)) }
  }

  /// Refuses what was not asked for in words.
  func check(
    _ otp: OTPPlan?, _ options: OptionPlan?, _ permissions: OptionPermissions
  ) throws(SessionError) {
    if let otp { try check(otp, permissions.commitments) }
    guard let options else { return }
    do throws(OptionRefusal) { try permissions.check(options) } catch { throw .plan(.options(error)) }
  }

  /// What an image wants of the option bytes; nothing where they are not asked for.
  func assignments(of image: FirmwareImage, _ parts: ImageParts) throws(SessionError) -> [OptionAssignment] {
    guard parts.includesOptions else { return [] }
    do throws(OptionRefusal) {
      return try OptionAssignment.assignments(of: image)
    } catch {
      throw .plan(.options(error))
    }
  }

  /// Refuses option bytes that would spoil what is written before them.
  func checkAfterWriting(_ plan: OptionPlan) throws(SessionError) {
    if !plan.erasedSectors.isEmpty { throw .plan(.options(.erasesFirmware)) }
    if plan.changes.contains(where: { $0.field.role == .dualBank }), plan.after.layout.hasChoiceOfBanks {
      throw .plan(.options(.cutsFlashOtherwise))
    }
  }

  /// Carries out a plan of this target: the flash, then OTP, then the option bytes; each is compared before the next.
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

  /// Compares the option bytes with those of an image, where they are asked for.
  func compareOptions(of image: FirmwareImage, _ parts: ImageParts) throws(SessionError) {
    let assignments = try assignments(of: image, parts)
    if assignments.isEmpty { return }
    let found = try readOptions().lasting
    let expected: OptionBytes
    do throws(OptionRefusal) { expected = try found.applying(assignments) } catch { throw .plan(.options(error)) }
    if found != expected { throw .flash(FlashError(.otherOptions(found, expected: expected))) }
  }
}
