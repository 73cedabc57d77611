import Basics
public import Failures

/// Why a write, an erase or a read cannot be carried out as asked; nothing has been touched.
public enum PlanError: Error, Sendable, Equatable {
  /// Bytes of the image lie outside the main flash: one part for each place there.
  case outsideFlash([OutsidePart], flash: Range<UInt32>, deviceName: String)
  /// The image has more bytes than the flash.
  case largerThanFlash(imageByteCount: Int, flash: Range<UInt32>, deviceName: String)
  /// The file says that it is for chips of another family.
  case otherFamily(UF2Family, deviceName: String)
  /// The file's DFU suffix names another USB device than the one that is worked by.
  case forOtherDevice(DFUFileDevice, found: String)
  /// A range to erase lies outside the main flash, or runs past its end.
  case rangeOutsideFlash(ClosedRange<UInt32>, flash: Range<UInt32>, deviceName: String)
  /// A range to read runs past the end of the area in which it begins, or lies outside the one that was named.
  case outsideArea(ClosedRange<UInt32>, area: String, range: Range<UInt32>, deviceName: String)
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
  /// An address is no multiple of the width of the accesses.
  case notAligned(UInt32, AccessWidth)
  /// A range is not written by single words.
  case noPlaceToPoke(ClosedRange<UInt32>, PokeRefusal)
  /// OTP is not programmed as asked.
  case otp(OTPRefusal)
  /// Option bytes are not changed as asked.
  case options(OptionRefusal)
  /// The width cannot be used, or the flash could not be read while planning.
  case flash(FlashError)
}

extension PlanError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .outsideFlash(let parts, let flash, let deviceName):
      FailureReport(
        .usage, "the image does not fit: \(PlanError.places(parts))",
        evidence: parts.map(\.description) + [
          "the flash of \(deviceName) is \(flash.addresses)", "nothing was touched",
        ],
        remedies: PlanError.remedies(parts))
    case .forOtherDevice(let named, let found):
      FailureReport(
        .file, "the file is for another USB device: its DFU suffix names \(named.text)",
        evidence: ["the device is \(found)", "nothing was touched"],
        remedies: [
          "Check that it is the right file; dfu-suffix -d FILE takes the suffix off one that is right all the same"
        ])
    case .rangeOutsideFlash(let range, let flash, let deviceName):
      FailureReport(
        .usage, "\(Hexadecimal.range(range)) is not in the flash",
        evidence: ["the flash of \(deviceName) is \(flash.addresses)", "nothing was touched"],
        remedies: ["Give a range of the flash, or sectors by their numbers"])
    case .outsideArea(let range, let area, let whole, let deviceName):
      FailureReport(
        .usage,
        whole.contains(range.lowerBound)
          ? "\(Hexadecimal.range(range)) runs past the end of the \(area)"
          : "\(Hexadecimal.range(range)) is not in the \(area)",
        evidence: ["the \(area) of \(deviceName) is \(whole.addresses)", "nothing was read"],
        remedies: [
          whole.contains(range.lowerBound)
            ? "Read at the most \(Int(whole.upperBound - range.lowerBound).inBytes) from there"
            : "Give a range of the \(area)"
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
        .usage, "a range of 0 bytes at \(address.hexadecimal)",
        remedies: ["Give a size", "Erase all\(with: .eraseAll)"])
    case .rangeOverflow(let address, let byteCount):
      FailureReport(.usage, "\(byteCount.inBytes) from \(address.hexadecimal) on run past the last address")
    case .noSuchSector(let number, let map):
      FailureReport(
        .usage, "the chip has no sector \(number)",
        remedies: ["Sectors: \(map.sectors.map { String($0.number) }.joined(separator: " "))"])
    case .noSuchArea(let name, let deviceName):
      FailureReport(.usage, "\(deviceName) has no \(name)")
    case .protection(let refusal): refusal.report
    case .notAligned(let address, let width):
      FailureReport(
        .usage,
        "\(address.hexadecimal) is no multiple of \(width.byteCount), as a \(width.bitCount)-bit access needs it",
        remedies: ["Give an address that is, or a narrower width"])
    case .noPlaceToPoke(let range, .flash):
      FailureReport(
        .usage, "\(Hexadecimal.range(range)) is flash, which single writes do not program",
        evidence: ["nothing was touched"],
        remedies: ["Write a file there: that erases, programs and verifies"])
    case .noPlaceToPoke(let range, .optionRegisters):
      FailureReport(
        .usage, "\(Hexadecimal.range(range)) holds option registers, where one word can close the chip for ever",
        evidence: ["nothing was touched"],
        remedies: ["Change the option bytes by their names, or as a whole register (OPTCR=0x...)"])
    case .options(let refusal): refusal.report
    case .otp(let refusal): refusal.report
    case .flash(let error): PlanError.untouched(error.report)
    }
  }

  private static func untouched(_ report: FailureReport) -> FailureReport {
    var report = report
    report.evidence.append("nothing was touched")
    return report
  }

  /// The places outside the flash in prose, each once.
  private static func places(_ parts: [OutsidePart]) -> String {
    var names: [String] = []
    for part in parts where !names.contains(part.place.name) { names.append(part.place.name) }
    return "it has bytes for " + names.joined(separator: "; for ")
  }

  /// What helps with each of the places, each once.
  private static func remedies(_ parts: [OutsidePart]) -> [Advice] {
    var remedies: [Advice] = []
    for remedy in parts.map(\.place.remedy) where !remedies.contains(remedy) { remedies.append(remedy) }
    return remedies
  }
}
