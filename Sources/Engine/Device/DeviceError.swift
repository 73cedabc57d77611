import Basics
public import Failures

/// Why the chip behind the probe could not be identified.
public enum DeviceError: Error, Sendable, Equatable {
  /// The debug port failed while identity registers were read.
  case access(DebugError)
  /// An identity register read 0 or all ones: nobody drives the bus, so this is the link and not a chip.
  case linkFailure(register: String, value: UInt32, millivolts: Int?)
  /// A chip answers and its DEV_ID and core are of no STM32 that is known.
  case unknownChip(identityCode: UInt32, processorID: UInt32)
  /// The chip is an STM32 of another line, named as in the manuals.
  case otherLine(String, identityCode: UInt32, processorID: UInt32)
  /// The flash is read too early, so that nothing it answers can be believed, and nothing may be done about that.
  case unreliableFlash(FlashReadTiming)
  /// The user calls the chip by a name that chips of another die have.
  case otherDie(asked: String, found: Die, identityCode: UInt32)
  /// The flash size that the user gave goes with other sectors than the chip has.
  case otherSectors(asked: SectorMap, own: SectorMap, die: Die)
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
        evidence: [millivolts.map { "target voltage \($0.volts)" } ?? "target voltage not measured"],
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
        evidence: DeviceError.evidence(identityCode, processorID), causes: [.otherChip, .cloneChip],
        remedies: [
          "Use a program that knows its family",
          "If the chip is a copy of an STM32F2 or F4, name the chip that it copies and confirm that it is none itself",
        ])
    case .otherLine(let line, let identityCode, let processorID):
      return FailureReport(
        .noTarget,
        "the chip is no STM32F2 or STM32F4: DEV_ID \(UInt16(identityCode & 0xFFF).hexadecimal) is an \(line)",
        evidence: DeviceError.evidence(identityCode, processorID), causes: [.otherChip],
        remedies: ["Use a program that knows this line: nothing of its flash is as on an STM32F2 or F4"])
    case .unreliableFlash(let timing):
      return FailureReport(
        .flash, "what the flash answers cannot be believed: \(timing.sentence)",
        evidence: ["nothing was read or written"], causes: [.fewWaitStates],
        remedies: [
          "Connect in another way than by a hot plug: the chip is held then, and its flash read as it must be"
        ] + FailureCause.fewWaitStates.remedies)
    case .otherDie(let asked, let found, let identityCode):
      return FailureReport(
        .noTarget, "the chip is no \(asked): it is an \(found.name)",
        evidence: [
          "DBGMCU_IDCODE reads \(identityCode.hexadecimal), DEV_ID \(found.deviceID.hexadecimal)",
          "nothing was touched",
        ],
        causes: [.otherChip],
        remedies: ["Leave the chip's name out: the chip tells itself what it is", "Check that this is the right board"])
    case .otherSectors(let asked, let own, let die):
      return FailureReport(
        .usage,
        "the flash of this \(die.name) has other sectors than one of \(asked.byteCount.byteSize) would have",
        evidence: [
          "the size register holds \(own.byteCount.byteSize)",
          "the chip's flash is cut into \(own.bankCount == 1 ? "one bank" : "two banks")", "nothing was touched",
        ],
        remedies: ["Leave the size out, or give \(own.byteCount.byteSize)"])
    case .unknownChipName(let name, let similar):
      return FailureReport(
        .usage, "no STM32F2 or STM32F4 is called \"\(name)\"",
        remedies: [
          similar.isEmpty
            ? """
            Give line, pin-count letter and size letter, as in stm32f407vg; \
            \(.listChips, or: "the catalogue") shows all
            """
            : "Chips of that line: \(similar.joined(separator: " "))"
        ])
    case .impossibleFlashSize(let byteCount, let die):
      let sizes = Set(ChipCatalogue.types(of: die).map(\.flashSize)).sorted()
      return FailureReport(
        .usage, "\(byteCount.byteSize) is no size that the flash of \(die.name) can have",
        remedies: ["Sold are: \(sizes.map { $0.byteCount.byteSize }.joined(separator: ", "))"])
    }
  }

  private static func evidence(_ identityCode: UInt32, _ processorID: UInt32) -> [String] {
    ["DBGMCU_IDCODE reads \(identityCode.hexadecimal)", "CPUID reads \(processorID.hexadecimal)"]
  }
}
