import Basics
public import Failures

extension FlashError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    var report = FailureReport(
      category, summary, evidence: evidence.lines(address: addressTitle), causes: causes, remedies: remedies)
    if case .access(let error, let action) = cause {
      let inner = error.report
      report = FailureReport(
        inner.category, "\(inner.summary) (\(action))", evidence: inner.evidence + report.evidence, causes: causes,
        remedies: causes == inner.causes ? inner.remedies : [])
    }
    switch cause {
    case .mismatch(let mismatch): report.evidence = mismatch.lines + report.evidence
    case .checksum(_, let expected, let found):
      report.evidence.insert("checksum expected \(expected.hexadecimal), found \(found.hexadecimal)", at: 0)
    case .loaderStopped(_, let programCounter, let faultStatus, _):
      let place = programCounter.map { "PC \($0.hexadecimal), " } ?? ""
      report.evidence.insert("\(place)CFSR \(faultStatus.hexadecimal)", at: 0)
    default: break
    }
    report.evidence += aftermath + failuresAfterwards
    report.remedies += advice
    return report
  }

  /// What could not be brought in order afterwards, one sentence each.
  var failuresAfterwards: [String] {
    cleanupFailures + [lockFailure.map { "the flash controller could not be locked again: \($0)" }].compactMap { $0 }
  }

  /// What the address of the evidence is: where the flash is wrong, or merely how far the work had come.
  private var addressTitle: String {
    switch cause {
    case .access, .interrupted: "address"
    default: "first failing address"
    }
  }

  private var category: FailureCategory {
    switch cause {
    case .access(let error, _): error.report.category
    case .errorBits(let status, _): status.isProtectionError ? .protected : .flash
    case .timeout: .timeout
    case .keysRefused, .lockRefused, .optionsRefused, .chipReset: .flash
    case .programmingVoltageNeeded, .widthTooWide: .usage
    case .mismatch, .checksum, .otherOptions: .verify
    case .loaderStopped: .flash
    case .interrupted: .interrupted
    }
  }

  private var summary: String {
    switch cause {
    case .access(_, let action): "\(action) failed"
    case .errorBits(let status, let action):
      "\(action) failed: the flash controller reports \(status.errorNames.joined(separator: ", "))"
    case .timeout(let action, let limit):
      "\(action) does not end: BSY is still set after \(limit.wording), longer than the data sheet allows"
    case .keysRefused: "the flash controller stays locked although the right keys were written"
    case .lockRefused: "the flash controller cannot be locked again"
    case .optionsRefused(let asked): "the option bytes do not hold what was programmed: \(asked) was asked for"
    case .otherOptions(let found, let expected):
      "the option bytes differ: "
        + expected.fields(differingFrom: found).map {
          "\($0.name) is \(found.text(of: $0)), not \(expected.text(of: $0))"
        }
        .joined(separator: ", ")
    case .chipReset(let action): "the chip was reset during \(action): the flash controller is locked again"
    case .programmingVoltageNeeded: "x64 programming needs 7 to 9 V on the VPP pin"
    case .widthTooWide(let asked, let limit, let millivolts):
      "\(asked.name) is too wide for a supply of \(millivolts.volts), which allows \(limit.name)"
    case .mismatch(let mismatch): mismatch.summary
    case .checksum(let range, _, _):
      "verification failed: the chip's checksum of \(range.addresses) is wrong, though its bytes read right"
    case .loaderStopped(.halted, _, _, let action): "the RAM loader stopped during \(action): the core has halted"
    case .loaderStopped(.hostSilent, _, _, let action):
      "the RAM loader gave up during \(action): it heard nothing of this program for ten seconds"
    case .loaderStopped(.memoryOverwritten, _, _, let action):
      "the RAM loader failed during \(action): its memory holds what nobody has written there"
    case .interrupted(let action): "interrupted during \(action)"
    }
  }

  private var remedies: [Advice] {
    switch cause {
    case .errorBits(let status, _): status.remedies
    case .timeout:
      [
        "Check the supply and the VCAP capacitors: erasing and programming draw more current than running",
        "Reset the chip before the next attempt: nothing else ends a stuck operation",
      ]
    case .lockRefused: ["Reset the chip: that locks the controller"]
    case .optionsRefused: ["Cycle the power: some option bytes take effect only then; look\(with: .identify)"]
    case .keysRefused: ["Reset the chip; a wrong key blocks the controller until then"]
    // What the chip says of its reset is better advice than what is usual.
    case .chipReset where evidence.resetFlags != nil: []
    case .chipReset:
      [
        "Look for a watchdog: one that the option bytes start (WDG_SW = 0) runs from reset on",
        "Check the supply: a brown-out while erasing resets the chip",
      ]
    case .programmingVoltageNeeded:
      ["Apply VPP and say so\(with: .nameProgrammingVoltage), or leave the width to the supply"]
    case .widthTooWide(_, let limit, _):
      ["Leave the width out, or ask for \(limit.name) or less", "Raise the supply"]
    case .mismatch(let mismatch): mismatch.remedies
    case .checksum:
      ["Lower the SWD clock\(by: .setClock(kHz: nil)), shorten the wires, check the supply, then write again"]
    case .loaderStopped(.hostSilent, _, _, _): ["Write again, and let this program run without a pause"]
    case .loaderStopped:
      ["Check the supply and the SWD wires, then write again", "Write without the loader\(by: .withoutLoader)"]
    case .access, .interrupted, .otherOptions: []
    }
  }
}

extension FlashError.Evidence {
  /// What was seen, one fact a line; `title` says what the address is.
  func lines(address title: String) -> [String] {
    [
      sector.map(\.description),
      address.map { "\(title) \($0.hexadecimal)" },
      status?.description,
      control?.description,
      options?.evidence ?? optionControl?.description,
      isHeldInReset ? "the chip is in reset and stays there" : nil,
      isSilent ? "nothing answers on SWD any more" : nil,
      hasNoisyWires ? "the SWD wires have made errors before in this session" : nil,
      resetFlags.map { "the chip has been reset: \($0.names.joined(separator: ", ")) in RCC_CSR" },
      millivolts.map { "target voltage \($0.volts)" },
    ].compactMap { $0 }
  }
}

extension FlashStatus {
  /// Whether protection is the only thing that the controller complains of.
  var isProtectionError: Bool { errorNames == ["WRPERR"] || errorNames == ["RDERR"] }

  /// What to do, by the bits that are set.
  fileprivate var remedies: [Advice] {
    let byBit: [(Field<FlashStatus, Bool>, Advice)] = [
      (
        .writeProtectionError,
        "Look at the protection\(with: .identify): the sector, or the whole chip, is protected"
      ),
      (.parallelismError, "Check the supply against the width in use; try a narrower one"),
      (.alignmentError, "Report this: a write has crossed a row of 16 bytes"),
      (
        .sequenceError,
        "Make sure that nothing resets the chip meanwhile: its controller was not set up when the data came"
      ),
      (
        .readProtectionError,
        "Look at the protection\(with: .identify): the sector is readable by its own code only (PCROP)"
      ),
    ]
    return byBit.filter { self[$0.0] }.map(\.1)
  }
}
