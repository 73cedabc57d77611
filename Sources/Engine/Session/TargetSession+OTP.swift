import Basics
import Failures

// The bytes that can be programmed once.
extension TargetSession {
  /// Reads all blocks and their lock bytes.
  ///
  /// - Throws: `SessionError.plan` at RDP level 1, where a debugger does not get at them.
  public func readOTP() throws(SessionError) -> OTPContents {
    let area = MemoryMap.presumed.otp.range
    let link = try openLink()
    _ = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: area.lowerBound, byteCount: area.count)
    }
    return try believing { () throws(SessionError) in
      OTPContents(try flash { () throws(FlashError) in try flashReader(link).read(area, phase: nil) })
    }
  }

  /// Programs what a plan of this session says, data before lock bytes, and compares both; nothing takes that back.
  ///
  /// - Parameter words: what the user has said to allow it: "OTP", "OTP lock 0" for block 0.
  public func execute(_ plan: OTPPlan, permittedBy words: [String]) throws(SessionError) {
    try check(plan, words)
    try program(plan.data)
    try program(
      plan.lockedBlocks.map { FlashBlock(address: OTPContents.lockAddress(of: $0), bytes: [OTPContents.locked]) })
  }

  /// How much is programmed between two looks at the status: what a failure can tell of how far it has come.
  private static let pieceByteCount = 16

  /// Programs by bytes, which every supply allows and which leaves the neighbours alone (RM0090, 3.6.3), and compares.
  private func program(_ stretches: [FlashBlock]) throws(SessionError) {
    guard let device, !stretches.isEmpty else { return }
    let link = try openLink()
    try SessionError.wrapping { () throws(DebugError) in try stopLoader() }
    try takeCore(link)
    try refuseDoubtfulReads()
    let controller = FlashController(access: link, map: device.sectorMap)
    let programmer = DirectProgrammer(controller: controller, reader: flashReader(link))
    var doneCount = 0
    do throws(FlashError) {
      try controller.withUnlocked { () throws(FlashError) in
        for piece in stretches.flatMap({ block in
          block.range.pieces(of: TargetSession.pieceByteCount).compactMap(block.part)
        }) {
          try programmer.program(piece, .x8) { doneCount += $0 }
        }
        try controller.endOperations()
      }
      try FlashCaches(access: link).withFreshReads { () throws(FlashError) in
        try programmer.verify(stretches, .afterWriting) { _ in }
      }
    } catch {
      throw .flash(describing(examined(error), stretches, doneCount, link))
    }
  }

  /// The same error with how much of the bytes stands in OTP now, by a look at it, or else as far as it was heard of.
  private func describing(
    _ error: FlashError, _ stretches: [FlashBlock], _ doneCount: Int, _ link: STLink
  ) -> FlashError {
    var error = error
    let total = stretches.reduce(0) { $0 + $1.bytes.count }
    do throws(FlashError) {
      var count = 0
      for block in stretches {
        let found = try flashReader(link).readPiece(at: block.address, byteCount: block.bytes.count)
        count += zip(block.bytes, found).count { $0 == $1 }
      }
      error.aftermath.append(
        "\(count) of \(total.inBytes) are programmed, and stay so; the others can be programmed later")
    } catch _ {
      // What cannot be read now is told by what was heard before; the first error stays the one to tell.
      error.aftermath.append(
        "at least \(doneCount) of \(total.inBytes) are programmed, and stay so; which others are, OTP shows when the chip "
          + "answers again")
    }
    error.advice.append("Program the same bytes again: those that stand are left alone")
    return error
  }
}
