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
    let otpPlan = try planOTP(of: image, parts)
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
    let assignments = try assignments(of: image, parts)
    if assignments.isEmpty { return nil }
    let plan = try planOptions(isAfterWriting: isAfterWriting) { (options) throws(OptionRefusal) in
      try options.applying(assignments)
    }
    if isAfterWriting { try checkAfterWriting(plan) }
    return plan
  }

  /// Compares the chip with an image, with the parts of it that are asked for.
  ///
  /// - Parameter mayReset: as in `verify(_:mayReset:)`.
  public func verify(
    _ image: FirmwareImage, with parts: ImageParts, mayReset: Bool = false
  ) throws(SessionError) {
    if let inFlash = image.part(outside: parts.ranges) { try verify(inFlash, mayReset: mayReset) }
    if parts.includesOTP, let otp = image.part(in: [MemoryMap.presumed.otp.range]) { try compareOTP(otp) }
    try compareOptions(of: image, parts)
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
