package import Failures
import LinkInterface

extension USBProbeError: ReportableError {
  /// The failure as a user reads it.
  package var report: FailureReport { report(of: .probe) }

  /// The failure as a user reads it, with what the devices are called.
  package func report(of words: USBDeviceWords) -> FailureReport {
    switch self {
    case .unsupported:
      FailureReport(
        .probe, "this build has no USB support",
        remedies: [
          "Build with the package trait USB, which is on by default and needs libusb-1.0",
          "Use a simulated probe\(with: .simulate)",
        ])
    case .libraryFailed(let call, let error):
      FailureReport(
        .probe, "libusb cannot list the USB devices", evidence: ["\(call): \(error.text)"],
        remedies: ["Run the command again with LIBUSB_DEBUG=4 in the environment to see what libusb tried"])
    case .noProbe(let unusable, let foreign, let isBusVisible):
      USBProbeError.noProbe(unusable, foreign, isBusVisible, words)
    case .noMatch(let selector, let listings):
      USBProbeError.noMatch(selector, listings, words)
    case .severalProbes(let listings):
      FailureReport(
        .noProbe, "\(listings.count) \(words.several) are plugged in and none is chosen",
        evidence: listings.map(\.summary),
        remedies: ["Choose one\(with: .chooseProbe): any part of its serial, or its USB path"])
    case .ambiguous(let selector, let listings):
      FailureReport(
        .noProbe, "'\(selector)' fits \(listings.count) \(words.several)", evidence: listings.map(\.summary),
        remedies: ["Give more of the serial, or the USB path where \(words.several) share one serial"])
    case .unusable(let listing):
      FailureReport(
        .probe, "\(listing.product.name) cannot be used",
        evidence: [listing.summary] + [listing.product.obstacle?.explanation].compactMap { $0 },
        causes: [.probeWrongMode], remedies: [listing.product.obstacle?.remedy].compactMap { $0 })
    case .denied(let listing):
      USBProbeError.denied(listing, words)
    case .inUse(let listing, let holders):
      USBProbeError.inUse(listing, holders, words)
    case .gone(let listing):
      FailureReport(
        .probe, "the \(words.one) has been unplugged", evidence: [listing.summary], causes: [words.unplugged],
        remedies: ["Plug it in again; try another cable, and a port of the computer itself instead of a hub"])
    case .openFailed(let listing, let call, let error):
      FailureReport(
        .probe, "the \(words.one) cannot be opened", evidence: [listing.summary, "\(call): \(error.text)"],
        causes: [words.wedged, .badUSB],
        remedies: ["Unplug the \(words.one) and plug it in again", "Try another cable and another port"])
    }
  }

  private static func noProbe(
    _ unusable: [ProbeListing], _ foreign: [ForeignDevice], _ isBusVisible: Bool, _ words: USBDeviceWords
  ) -> FailureReport {
    guard isBusVisible else {
      return FailureReport(
        .noProbe, "no \(words.one): this system shows no USB bus", evidence: ["/dev/bus/usb does not exist"],
        causes: [words.missing],
        remedies: ["In a container, pass /dev/bus/usb through", "Use a simulated probe\(with: .simulate)"])
    }
    var report = FailureReport(.noProbe, "no \(words.usable) is plugged in", causes: [words.missing])
    if words.plugIn != nil { report.remedies = [] }
    for listing in unusable {
      guard let obstacle = listing.product.obstacle else { continue }
      report.evidence.append("\(listing.summary): \(obstacle.explanation)")
      report.remedies.append(obstacle.remedy)
    }
    report.evidence += foreign.map { "\($0.ids) at \($0.location.path): \($0.kind.meaning)" }
    for remedy in foreign.compactMap(\.kind.remedy) where !report.remedies.contains(remedy) {
      report.remedies.append(remedy)
    }
    if unusable.isEmpty, let plugIn = words.plugIn { report.remedies.append(plugIn) }
    return report
  }

  private static func noMatch(
    _ selector: String, _ listings: [ProbeListing], _ words: USBDeviceWords
  ) -> FailureReport {
    var report = FailureReport(.noProbe, "no \(words.one) answers to '\(selector)'", evidence: listings.map(\.summary))
    report.remedies = ["Give any part of a serial, or a USB path, of the \(words.several) above"]
    if listings.contains(where: { $0.identity.serial == nil }) {
      report.remedies.append(
        "The \(words.one) may be one whose serial cannot be read: choose it by its USB path to see why")
    }
    return report
  }

  private static func denied(_ listing: ProbeListing, _ words: USBDeviceWords) -> FailureReport {
    guard case .denied(let node?, let rule) = listing.access else {
      return FailureReport(
        .permission, "no permission to open the \(words.one)", evidence: [listing.summary], causes: [words.denied],
        remedies: ["Run the command as a user who may open USB devices"])
    }
    return FailureReport(
      .permission, "no permission to open \(node)", evidence: [listing.summary], causes: [words.denied],
      remedies: [
        """
        Put this line into \(UdevRule.installedPath) (the project's udev/\(UdevRule.fileName) has it for every \(words.one)): \
        \(rule)
        """,
        "Then run: sudo udevadm control --reload-rules && sudo udevadm trigger",
        "Over SSH, or where nobody is logged in at the seat, be a member of the group plugdev",
      ])
  }

  private static func inUse(
    _ listing: ProbeListing, _ holders: [DeviceHolder], _ words: USBDeviceWords
  ) -> FailureReport {
    let names = holders.map { "\($0.name ?? "a program") (process \($0.processID)) has it open" }
    let unseen = "which program holds it cannot be seen: it runs as another user, or elsewhere"
    return FailureReport(
      .probe, "another program is using the \(words.one)",
      evidence: [listing.summary] + (names.isEmpty ? [unseen] : names), causes: [words.claimed],
      remedies: ["End the other program: \(words.holders)"])
  }
}

extension ProbeListing {
  /// The probe in one line: name, ids, place, serial, and what stands in its way.
  package var summary: String {
    var parts = ["\(product.name) (\(product.usbID)) at \(identity.location.path)"]
    if let serial = identity.serial {
      parts.append("serial \(serial)")
    } else {
      parts.append("serial unknown")
    }
    switch access {
    case .free: break
    case .inUse: parts.append("in use")
    case .denied: parts.append("no permission")
    case .failed(let error): parts.append(error.text)
    }
    return parts.joined(separator: ", ")
  }
}
