import Basics

// The bytes that can be programmed once.
extension TargetSession {
  /// Reads all blocks and their lock bytes.
  ///
  /// - Throws: `SessionError.plan` at RDP level 1, where a debugger does not get at them.
  public func readOTP() throws(SessionError) -> OTPContents {
    let area = FixedArea.otp.range
    let link = try openLink()
    _ = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: area.lowerBound, byteCount: area.count)
    }
    return try believing { () throws(SessionError) in
      OTPContents(try flash { () throws(FlashError) in try flashReader(link).read(area, phase: nil) })
    }
  }

  /// Works out what has to be programmed for bytes to stand at an address; touches nothing.
  ///
  /// - Throws: `SessionError.plan` with `PlanError.otp` for what OTP cannot become.
  public func plan(programming bytes: [UInt8], intoOTPAt address: UInt32) throws(SessionError) -> [FlashBlock] {
    let contents = try readOTP()
    do throws(OTPRefusal) {
      return try contents.plan(writing: bytes, at: address)
    } catch {
      throw .plan(.otp(error))
    }
  }

  /// Programs bytes into OTP, and compares them; nothing takes that back.
  ///
  /// - Parameters:
  ///   - bytes: what is to stand there; bytes that do are left alone.
  ///   - words: what the user has said to allow it: "OTP".
  /// - Returns: how many bytes were programmed.
  @discardableResult
  public func program(
    _ bytes: [UInt8], intoOTPAt address: UInt32, permittedBy words: [String]
  ) throws(SessionError) -> Int {
    let stretches = try plan(programming: bytes, intoOTPAt: address)
    if stretches.isEmpty { return 0 }
    try check(words, for: "OTP", "what is programmed into OTP stays there for ever")
    try program(stretches)
    return stretches.reduce(0) { $0 + $1.bytes.count }
  }

  /// Locks a block of OTP for ever.
  ///
  /// - Parameter words: what the user has said to allow it: "OTP lock 0" for block 0.
  /// - Returns: whether it was open before.
  @discardableResult
  public func lockOTP(block number: Int, permittedBy words: [String]) throws(SessionError) -> Bool {
    guard (0..<OTPContents.blockCount).contains(number) else { throw .plan(.otp(.noSuchBlock(number))) }
    let block = try readOTP().blocks[number]
    if block.isLocked { return false }
    let erased = block.bytes.count - block.programmedByteCount
    try check(
      words, for: "OTP lock \(number)",
      "block \(number) of OTP is closed for ever then; \(erased) of its \(block.bytes.count.inBytes) are still erased")
    try program([FlashBlock(address: OTPContents.lockAddress(of: number), bytes: [OTPContents.locked])])
    return true
  }

  private func check(_ words: [String], for needed: String, _ meaning: String) throws(SessionError) {
    guard words.contains(where: { $0.lowercased() == needed.lowercased() }) else {
      throw .plan(.otp(.irreversible(needed, meaning: meaning)))
    }
  }

  /// Programs by bytes, which every supply allows and which leaves the neighbours alone (RM0090, 3.6.3), and compares.
  private func program(_ stretches: [FlashBlock]) throws(SessionError) {
    guard let device, !stretches.isEmpty else { return }
    let link = try openLink()
    try SessionError.wrapping { () throws(DebugError) in try stopLoader() }
    try takeCore(link)
    try refuseDoubtfulReads()
    let controller = FlashController(access: link, map: device.sectorMap)
    try flash { () throws(FlashError) in
      let programmer = DirectProgrammer(controller: controller, reader: flashReader(link))
      try controller.withUnlocked { () throws(FlashError) in
        for stretch in stretches { try programmer.program(stretch, .x8) { _ in } }
        try controller.endOperations()
      }
      try FlashCaches(access: link).withFreshReads { () throws(FlashError) in
        try programmer.verify(stretches, .afterWriting) { _ in }
      }
    }
  }
}
