import Basics
public import Failures

/// Why option bytes are not changed as asked; nothing has been touched.
public enum OptionRefusal: Error, Sendable, Equatable {
  /// The chip has no such field.
  case noSuchField(String, deviceName: String, fields: [String])
  /// The chip has no sector with this number.
  case noSuchSector(Int, sectors: String)
  /// One bit covers these sectors: they are protected together or not at all.
  case sharedBit([Sector])
  /// Two changes give one field a value.
  case setTwice(String)
  /// SPRMOD is set: the bits that write protection needs mean PCROP.
  case meansCodeProtection(String)
  /// PCROP would come off although read protection does not fall from level 1 to level 0.
  case codeProtectionStays([Sector])
  /// DB1M on a chip whose size leaves no choice.
  case noChoiceOfBanks(byteCount: Int)
  /// The chip would never start again.
  case brownOutAboveSupply(String, needed: Int, millivolts: Int)
  /// Read protection is at level 2.
  case closedForEver(OptionBytes)
  /// The whole flash would be erased, which was not allowed.
  case erasesEverything([Sector])
  /// The change would erase the firmware that is written before it.
  case erasesFirmware
  /// The change would cut the flash otherwise than the firmware that is written before it needs.
  case cutsFlashOtherwise
  /// An image has only a part of the option bytes that belong together.
  case incompleteImage(ClosedRange<UInt32>)
  /// Something cannot be undone, and was not asked for in words.
  case irreversible(OptionCommitment)
}

extension OptionRefusal: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    var report = ownReport
    report.evidence.append("nothing was touched")
    return report
  }

  private var ownReport: FailureReport {
    switch self {
    case .noSuchField(let name, let deviceName, let fields):
      FailureReport(
        .usage, "\(deviceName) has no option bytes called \(name)",
        remedies: ["It has \(fields.joined(separator: ", "))"])
    case .noSuchSector(let number, let sectors):
      FailureReport(.usage, "the chip has no sector \(number)", remedies: ["It has the sectors \(sectors)"])
    case .sharedBit(let sectors):
      FailureReport(
        .usage, "sectors \(sectors.list) share one bit of protection",
        remedies: ["Name all of them, or none of them"])
    case .setTwice(let text):
      FailureReport(
        .usage, "\(text) gives a value to what another change has given one",
        remedies: ["Name each field once"])
    case .meansCodeProtection(let text):
      FailureReport(
        .usage, "\(text) cannot be: SPRMOD is set, and the bits of the sectors mean PCROP",
        remedies: ["Name the sectors of PCROP (PCROP=...), or clear SPRMOD, which takes an erase of the whole flash"])
    case .codeProtectionStays(let sectors):
      FailureReport(
        .protected, "PCROP comes off only while RDP falls from level 1 to level 0, which erases the whole flash",
        evidence: sectors.isEmpty ? [] : ["sectors \(sectors.list) have PCROP"],
        remedies: ["Ask for RDP=level0 in the same change"])
    case .noChoiceOfBanks(let byteCount):
      FailureReport(
        .usage, "DB1M is for chips with 1 MiB of flash, and this one has \(byteCount.byteSize)",
        remedies: ["Leave DB1M at 0"])
    case .brownOutAboveSupply(let level, let needed, let millivolts):
      FailureReport(
        .usage, "a brown-out reset \(level) needs a supply of \(needed.volts), and this one is \(millivolts.volts)",
        evidence: ["the chip would never start again, and no debugger could set it back"],
        remedies: [
          "Choose a lower level",
          """
          Raise the supply, or say what it is\(by: .nameSupply(millivolts: nil)) where the probe measures it wrongly
          """,
        ])
    case .closedForEver(let options):
      FailureReport(
        .protected, "the chip is read-protected at level 2: its option bytes can never be changed",
        evidence: [options.evidence], causes: [.readProtectedForEver])
    case .erasesEverything(let sectors):
      FailureReport(
        .usage, "that erases the whole flash",
        evidence: sectors.first.map { first in
          [
            "sectors \(sectors.list) lose their content, \((first.range.lowerBound..<(sectors.last ?? first).range.upperBound).addresses)"
          ]
        } ?? [], remedies: ["Allow the erase\(by: .allowErase), if what the flash holds may go"])
    case .erasesFirmware:
      FailureReport(
        .usage, "the option bytes of the image can only be set with an erase of the whole flash, the firmware with it",
        remedies: ["Change the option bytes first, then write the firmware"])
    case .cutsFlashOtherwise:
      FailureReport(
        .usage, "the option bytes of the image cut the flash otherwise (DB1M) than it is cut now",
        remedies: ["Change DB1M first, then write the firmware"])
    case .incompleteImage(let range):
      FailureReport(
        .usage,
        "the image has \(Hexadecimal.range(range)) of the option bytes, which is a part of a halfword or of none",
        evidence: [
          "fields are in the halfwords at "
            + MemoryMap.presumed.optionHalfwords.map(\.address.hexadecimal).joined(separator: ", ")
        ],
        remedies: ["Give both bytes of a halfword, or leave the option bytes out of the image"])
    case .irreversible(let commitment):
      FailureReport(
        .usage, "that cannot be undone", evidence: [commitment.meaning],
        remedies: [.allowIrreversible(commitment.words)])
    }
  }
}
