import Basics
public import Failures

extension OTPRefusal: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    var report = ownReport
    report.evidence.append("nothing was touched")
    return report
  }

  private var ownReport: FailureReport {
    switch self {
    case .outside(let range, let blocks):
      FailureReport(
        .usage, "\(Hexadecimal.range(range)) is not in the blocks of OTP",
        evidence: ["the blocks are \(blocks.addresses); the lock bytes behind them are no data"],
        remedies: ["Give an address and a size that lie there"])
    case .locked(let block, let address):
      FailureReport(
        .protected, "block \(block) of OTP (\(address.hexadecimal)) is locked for ever",
        remedies: ["Use another block"])
    case .needsOnes(let address, let wanted, let found, let count):
      FailureReport(
        .usage, "OTP cannot become that: bits only go from 1 to 0",
        evidence: [
          "at \(address.hexadecimal) stands \(Hexadecimal.byte(found)), and \(Hexadecimal.byte(wanted)) is wanted"
            + (count == 1 ? "" : "; \(count.inBytes) are such")
        ],
        remedies: ["Use bytes that are still erased (0xFF)"])
    case .otherLock(let block, let wanted, let found):
      FailureReport(
        .usage, "the lock byte of block \(block) of OTP cannot become \(Hexadecimal.byte(wanted))",
        evidence: [
          "at \(OTPContents.lockAddress(of: block).hexadecimal) stands \(Hexadecimal.byte(found)); 0xFF is open, 0x00 is "
            + "locked for ever, and nothing else is allowed"
        ],
        remedies: ["Leave the lock bytes out of the image, or put there what the chip has"])
    case .noSuchBlock(let number):
      FailureReport(
        .usage, "OTP has no block \(number)", remedies: ["The blocks are 0 to \(OTPContents.blockCount - 1)"])
    case .irreversible(let words, let meaning):
      FailureReport(
        .usage, "that cannot be undone", evidence: [meaning],
        remedies: [.allowIrreversible(words)])
    }
  }
}
