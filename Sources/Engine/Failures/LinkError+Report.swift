import Basics
public import Failures
public import LinkInterface

extension LinkError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    report(during: nil)
  }

  /// The report with the command in which it happened.
  func report(during command: String?) -> FailureReport {
    let place = command.map { " during \($0)" } ?? ""
    let (category, cause, remedies) = reason.explanation
    return FailureReport(
      category, cause + place, evidence: evidence, causes: causes(during: command), remedies: remedies)
  }

  private var evidence: [String] {
    var facts: [String] = []
    if let transfer {
      let position = transferIndex.map { "transfer \($0 + 1) of the batch" } ?? "transfer"
      facts.append("\(position): \(transfer.wording)")
    }
    if !partial.isEmpty {
      facts.append("received until then: \(partial.count.inBytes)")
    }
    if case .other(let code, _) = reason { facts.append("the backend's error number: \(code)") }
    return facts
  }
}

extension LinkError {
  /// What may be behind it, likeliest first.
  ///
  /// A probe that fails at the first command was left so by another program, or is none; one that has answered until
  /// then loses data on the way.
  private func causes(during command: String?) -> [FailureCause] {
    let causes = reason.causes
    guard let command, command != STLinkOpcode.getVersion.name, reason != .gone, causes.contains(.badUSB) else {
      return causes
    }
    return [.badUSB] + causes.filter { $0 != .badUSB }
  }
}

extension LinkError.Reason {
  /// What may be behind it, likeliest first.
  fileprivate var causes: [FailureCause] {
    switch self {
    case .timeout: [.probeWedged, .badUSB, .cloneProbe]
    case .stall: [.probeWedged, .badUSB, .cloneProbe, .firmwareTooOld]
    case .gone: [.probeUnplugged, .badUSB]
    case .denied: [.probeDenied]
    case .busy: [.probeClaimed]
    case .overflow: [.probeWedged, .cloneProbe, .badUSB]
    case .shortWrite, .other: [.badUSB, .probeWedged]
    case .closed, .divergence: []
    }
  }

  /// Class, cause and remedies.
  fileprivate var explanation: (FailureCategory, String, [Advice]) {
    switch self {
    case .timeout:
      return (
        .probe, "the probe did not answer in time",
        [.replug, "Try another cable or a port without a hub", .updateFirmware]
      )
    case .stall:
      return (
        .probe, "the probe refused a USB transfer (stall)",
        [.replug, .updateFirmware]
      )
    case .gone:
      return (
        .probe, "the probe has disappeared from USB",
        [
          "Plug the probe in again and repeat the command",
          "Check the cable, and whether the board draws too much current",
        ]
      )
    case .denied:
      return (.permission, "the operating system denies access to the probe", [])
    case .busy:
      return (.probe, "another program is using the probe", [])
    case .overflow:
      return (
        .probe, "the probe sent more bytes than the command has",
        [.replug, "Check that no other program talks to the probe at the same time"]
      )
    case .shortWrite(let sent):
      return (
        .probe, "the probe took only \(sent.inBytes) of a longer transfer",
        [.replug, "Try another cable or a port without a hub"]
      )
    case .closed:
      return (
        .probe, "the probe has been closed already",
        [
          "Repeat the command; if it happens again, report it with the output of \(.tellMore, or: "a run that tells all it does")"
        ]
      )
    case .divergence(let text):
      return (
        .trace, "the session differs from the recording: \(text)",
        ["Record the session anew: the recording is of another chip, firmware or version of this program"]
      )
    case .other(_, let text):
      return (.probe, "USB failure: \(text)", [.replug, "Try another cable or a port without a hub"])
    }
  }
}

extension Transfer {
  /// What the transfer was to move.
  fileprivate var wording: String {
    switch self {
    case .bulkOut(let endpoint, let bytes): "\(bytes.count.inBytes) to endpoint \(Hexadecimal.byte(endpoint.rawValue))"
    case .bulkIn(let endpoint, let byteCount):
      "\(byteCount.inBytes) from endpoint \(Hexadecimal.byte(endpoint.rawValue))"
    case .controlOut(let setup, _), .controlIn(let setup):
      "control request \(Hexadecimal.byte(setup.request)), type \(Hexadecimal.byte(setup.requestType))"
    }
  }
}
