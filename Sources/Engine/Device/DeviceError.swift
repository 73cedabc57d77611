import Basics

/// Why the chip behind the probe could not be identified.
public enum DeviceError: Error, Sendable, Equatable {
  /// The debug port failed while identity registers were read.
  case access(DebugError)
  /// An identity register read 0 or all ones: nobody drives the bus, so this is the link and not a chip.
  case linkFailure(register: String, value: UInt32, millivolts: Int?)
  /// A chip answers and its DEV_ID is of no F2 or F4.
  case unknownChip(identityCode: UInt32, processorID: UInt32)
  /// The name that the user gave is none of the catalogue; `similar` holds the names of the same line.
  case unknownChipName(String, similar: [String])
  /// The flash size that the user gave ends in the middle of a sector or is beyond what the controller can address.
  case impossibleFlashSize(byteCount: Int, die: Die)
}

extension DeviceError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .access(let error):
      return error.report
    case .linkFailure(let register, let value, let millivolts):
      return FailureReport(
        .noTarget, "no chip answers behind the probe: \(register) reads \(value.hexadecimal)",
        evidence: [millivolts.map { "target voltage \($0) mV" } ?? "target voltage not measured"],
        causes: ConnectionEvidence(
          symptom: .garbled, millivolts: millivolts, isProbeOnBoard: false, hasTriedReset: false, resetLine: .notTested
        ).causes,
        remedies: [
          "Check that the target has power and that its ground is connected to the probe's",
          "Check the SWDIO, SWCLK and NRST wires, and the ST-LINK jumpers of a Nucleo or Discovery board (both on)",
          "Connect under reset if the firmware sleeps or uses PA13 and PA14 for something else",
          "Lower the SWD clock if the wires are long",
        ])
    case .unknownChip(let identityCode, let processorID):
      return FailureReport(
        .noTarget,
        "the chip is no STM32F2 or STM32F4 that is known: DEV_ID \(UInt16(identityCode & 0xFFF).hexadecimal)",
        evidence: [
          "DBGMCU_IDCODE reads \(identityCode.hexadecimal)", "CPUID reads \(processorID.hexadecimal)",
        ],
        causes: [.otherChip, .cloneChip],
        remedies: ["Name the chip if it is one all the same (a clone, a new revision): --chip stm32f407vg"])
    case .unknownChipName(let name, let similar):
      return FailureReport(
        .usage, "no STM32F2 or STM32F4 is called \"\(name)\"",
        remedies: [
          similar.isEmpty
            ? "Give line, pin-count letter and size letter, as in stm32f407vg; \"stflash sim list\" shows all"
            : "Chips of that line: " + similar.joined(separator: " ")
        ])
    case .impossibleFlashSize(let byteCount, let die):
      let sizes = Set(ChipCatalogue.types(of: die).map(\.flashSize)).sorted()
      return FailureReport(
        .usage, "\(byteCount.byteSize) is no size that the flash of \(die.name) can have",
        remedies: ["Sold are: " + sizes.map { $0.byteCount.byteSize }.joined(separator: ", ")])
    }
  }
}
