import Basics
import Failures

// The bytes that can be programmed once.
extension BootloaderTarget {
  /// Reads all blocks and their lock bytes.
  public func readOTP() throws(SessionError) -> OTPContents {
    let limits = try limits()
    let area = limits.device.die.family.memory.otp.range
    do throws(PlanError) {
      _ = try limits.checkReadable(address: area.lowerBound, byteCount: area.count)
    } catch {
      throw .plan(error)
    }
    return OTPContents(try bytes(at: area.lowerBound, count: area.count))
  }

  /// Programs what a plan of this target says, data before lock bytes, and compares both; nothing takes that back.
  ///
  /// - Parameter words: what the user has said to allow it: "OTP", "OTP lock 0" for block 0.
  public func execute(_ plan: OTPPlan, permittedBy words: [String]) throws(SessionError) {
    try check(plan, words)
    try program(plan.data)
    try program(
      plan.lockedBlocks.map { FlashBlock(address: OTPContents.lockAddress(of: $0), bytes: [OTPContents.locked]) })
  }

  /// A bootloader takes whole words: ones around what is asked for leave their neighbours as they are.
  private func program(_ stretches: [FlashBlock]) throws(SessionError) {
    let timing = try openDevice().sectorMap.family.timing
    do throws(FlashError) {
      for block in stretches {
        for range in block.range.coveringWords.pieces(of: OTPContents.blockByteCount) {
          guard let piece = block.part(in: range) else { continue }
          let ones = { (count: UInt32) in [UInt8](repeating: 0xFF, count: Int(count)) }
          let bytes =
            ones(piece.address - range.lowerBound) + piece.bytes + ones(range.upperBound - piece.range.upperBound)
          let limit = FlashTiming.patience(timing.program(byteCount: bytes.count, .x8).maximum)
          try FlashError.wrapping("programming \(range.addresses)") { () throws(DebugError) in
            try bootloader.write(bytes, at: range.lowerBound, taking: limit)
          }
        }
      }
      try Verifier(reader: reader, context: .afterWriting).verify(stretches) { _ in }
    } catch {
      var error = error
      error.advice.append("Program the same bytes again: those that stand are left alone")
      throw .flash(error)
    }
  }
}
