import Basics

/// Why a write, an erase or a read cannot be carried out as asked; nothing has been touched.
public enum PlanError: Error, Sendable, Equatable {
  /// Bytes of the image lie outside the main flash.
  case outsideFlash([ClosedRange<UInt32>], flash: Range<UInt32>, deviceName: String)
  /// The image has more bytes than the flash.
  case largerThanFlash(imageByteCount: Int, flash: Range<UInt32>, deviceName: String)
  /// The file says that it is for chips of another family.
  case otherFamily(UF2Family, deviceName: String)
  /// A range to erase does not begin and end with a sector; `bounds` is the next larger one that does.
  case notSectorAligned(Range<UInt32>, bounds: Range<UInt32>, sectors: [Sector])
  /// A range without a byte; erasing "0 bytes" must never mean erasing everything.
  case emptyRange(at: UInt32)
  /// A range runs past the last address.
  case rangeOverflow(address: UInt32, byteCount: Int)
  /// The chip has no sector with this number.
  case noSuchSector(Int, map: SectorMap)
  /// The chip has no such area.
  case noSuchArea(String, deviceName: String)
  /// The option bytes forbid it.
  case protection(ProtectionRefusal)
  /// The width cannot be used, or the flash could not be read while planning.
  case flash(FlashError)
}

extension PlanError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .outsideFlash(let ranges, let flash, let deviceName):
      FailureReport(
        .usage, "the image does not fit: \(ranges.map(PlanError.place).joined(separator: ", "))",
        evidence: ["the flash of \(deviceName) is \(flash.addresses)", "nothing was touched"],
        remedies: [
          "Check the address, and that the image is linked for this chip",
          "Give the flash size with --flash-size if the chip has more than it says",
        ])
    case .largerThanFlash(let imageByteCount, let flash, let deviceName):
      FailureReport(
        .usage, "the image is larger than the flash: \(imageByteCount.byteSize) for \(flash.count.byteSize)",
        evidence: ["the flash of \(deviceName) is \(flash.addresses)", "nothing was touched"],
        remedies: ["Check that the image is for this chip"])
    case .otherFamily(let family, let deviceName):
      FailureReport(
        .usage, "the image is for \(family.name), the chip is \(deviceName)",
        evidence: ["the UF2 file names family \(family.name)", "nothing was touched"],
        remedies: ["Take the file that was built for this chip", "Check that the right board is connected"])
    case .notSectorAligned(let range, let bounds, let sectors):
      FailureReport(
        .usage, "\(range.addresses) does not begin and end with a sector",
        evidence: sectors.map(\.description),
        remedies: ["Erase \(bounds.addresses): \(bounds.lowerBound.hexadecimal) \(bounds.count)"])
    case .emptyRange(let address):
      FailureReport(
        .usage, "a range of 0 bytes at \(address.hexadecimal)", remedies: ["Give a size", "Erase all with --all"])
    case .rangeOverflow(let address, let byteCount):
      FailureReport(.usage, "\(byteCount) bytes from \(address.hexadecimal) on run past the last address")
    case .noSuchSector(let number, let map):
      FailureReport(
        .usage, "the chip has no sector \(number)",
        remedies: ["Sectors: " + map.sectors.map { String($0.number) }.joined(separator: " ")])
    case .noSuchArea(let name, let deviceName):
      FailureReport(.usage, "\(deviceName) has no \(name)")
    case .protection(let refusal): refusal.report
    case .flash(let error): PlanError.untouched(error.report)
    }
  }

  private static func untouched(_ report: FailureReport) -> FailureReport {
    var report = report
    report.evidence.append("nothing was touched")
    return report
  }

  /// A range outside the flash, with the name of what is there instead.
  private static func place(_ range: ClosedRange<UInt32>) -> String {
    let areas = [FixedArea.systemMemory, FixedArea.otp, FixedArea.optionBytes, FixedArea.optionBytesOfBank2]
    let named = areas.first { $0.range.overlaps(range) }?.name
    return Hexadecimal.range(range) + (named.map { " is in the \($0)" } ?? " is outside the flash")
  }
}
