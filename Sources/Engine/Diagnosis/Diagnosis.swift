import Basics
import Failures
public import LinkInterface

/// Walks from the USB cable to the flash and says at each step what is there and what is wrong.
///
/// Nothing is written to the flash and nothing is halted, unless a deep diagnosis is asked for. The reset line is tested
/// by pulling it, which restarts the program, unless the target is not to be touched at all.
public final class Diagnosis {
  /// What a diagnosis may do.
  public struct Options: Sendable {
    /// The SWD clock to begin with.
    public var clock: ClockChoice
    /// What the user says about the chip where the chip is not to be trusted.
    public var device: DeviceOverride
    /// Whether the target may be reset, to test NRST and to reach a target that answers only so.
    public var mayReset: Bool
    /// Whether the core is halted and RAM written to.
    public var isDeep: Bool
    /// The sector to erase, program and restore; nil to leave the flash alone.
    public var testedSector: Int?
    /// Keeps the tested sector's content until the chip has it back; nil to keep it in memory only.
    public var keeper: ContentKeeper?
    /// A request to stop; nil where nobody can ask.
    public var interruption: Interruption?

    /// Makes options.
    public init(
      clock: ClockChoice = .standard, device: DeviceOverride = DeviceOverride(), mayReset: Bool = true,
      isDeep: Bool = false, testedSector: Int? = nil, keeper: ContentKeeper? = nil, interruption: Interruption? = nil
    ) {
      self.clock = clock
      self.device = device
      self.mayReset = mayReset
      self.isDeep = isDeep
      self.testedSector = testedSector
      self.keeper = keeper
      self.interruption = interruption
    }
  }

  /// Is told of each finding as it is made.
  public typealias Observer = (DiagnosisFinding) -> Void

  /// What is known of the probe; nil until it has been opened.
  public private(set) var probeDescription: ProbeDescription?
  /// The chip; nil until it has been identified.
  public var device: Device?

  let probe: any USBDevice
  let options: Options
  var millivolts: Int?
  var protection: ProtectionState?
  var contents: FlashSurvey?
  private(set) var findings: [DiagnosisFinding] = []
  private let observer: Observer

  /// Makes a diagnosis that has not touched the probe yet.
  public init(probe: any USBDevice, options: Options = Options(), observer: @escaping Observer = { _ in }) {
    self.probe = probe
    self.options = options
    self.observer = observer
  }

  /// Walks as far as it goes; the probe is closed after that, and the target runs.
  public func run() -> DiagnosisReport {
    examineUSB()
    guard let link = openProbe() else { return DiagnosisReport(findings: findings) }
    do throws(DebugError) {
      try examineTarget(link)
    } catch {
      note(DiagnosisFinding(area(of: error), failedWith: error.report))
    }
    do throws(DebugError) {
      try link.close()
    } catch {
      note(DiagnosisFinding(.probe, failedWith: error.report))
    }
    if let warning = link.repetitionWarning {
      note(DiagnosisFinding(.usb, .warning, warning, causes: [.badUSB]))
    }
    return DiagnosisReport(findings: findings)
  }

  /// Where the walk was when something ended it: a failing cable can do so at any step.
  private func area(of error: DebugError) -> DiagnosisFinding.Area {
    switch error {
    case .transport, .serial: .usb
    case .replyLost(let loss): area(of: loss.failure)
    case .malformedReply, .unsupported, .probeUnusable: .probe
    default: findings.last?.area ?? .probe
    }
  }

  /// Goes on behind the probe; throws what ends the walk.
  private func examineTarget(_ link: STLink) throws(DebugError) {
    try examineSupply(link)
    guard var attachment = try examineWires(link) else { return }
    do throws(DebugError) {
      // Looked at before anything disturbs it, and told when it is known what it had to execute.
      var core = attachment.report.mode == .hotPlug ? try lookAtCore(link) : nil
      if let look = core, look.keepsBeingReset, let quiet = try holdInQuiet(link) {
        note(coreFinding(look))
        (core, attachment) = (nil, quiet)
      }
      // A program that reads its flash too early is caught under reset where that may be done, to look at the chip all the
      // same.
      let reads = FlashReads(
        link, millivolts: millivolts, isAtReset: attachment.startsAnew, isHeld: attachment.report.mode != .hotPlug,
        reset: { () throws(DebugError) in
          guard let quiet = try self.holdInQuiet(link) else { return false }
          attachment = quiet
          self.note(quiet.report.resetLine.finding)
          return true
        }, warn: { _ in })
      try examineChip(link, reads)
      try examineProtection(link, reads)
      try examineController(link, reads)
      try examineContents(link, reads)
      if let core { try noteCore(core, link, reads) }
      try examineRemains(attachment)
      if options.isDeep {
        try holding(attachment, reads) { () throws(DebugError) in try examineDeeply(attachment, reads) }
      }
      if attachment.report.mode == .hotPlug { try examineResetLine(attachment.core) }
    } catch {
      // The first failure is what ends the walk; the target is let go all the same.
      _ = try? attachment.detach()
      throw error
    }
    do throws(DebugError) {
      _ = try attachment.detach()
    } catch {
      // A program that closes SWD does so again as soon as it runs.
      guard attachment.report.mode == .underReset, error.isOfTheTarget else { throw error }
    }
  }

  /// Runs what halts the core, with the watchdogs frozen, and lets the core go on as it was where nobody held it before.
  private func holding(
    _ attachment: Attachment, _ reads: FlashReads, _ body: () throws(DebugError) -> Void
  ) throws(DebugError) {
    guard attachment.unit == nil else { return try body() }
    var unit: DebugUnit?
    do throws(DebugError) {
      try attachment.hold(&unit)
      try reads.holdStill()
      try body()
    } catch {
      // What ended the walk is the error to tell.
      try? reads.restore()
      try? unit?.letGo(attachment.link, startsAnew: false)
      throw error
    }
    try reads.restore()
    try unit?.letGo(attachment.link, startsAnew: false)
  }

  // MARK: - USB and probe

  private func examineUSB() {
    let identity = probe.identity
    let ids = Hexadecimal.usbIDs(vendorID: identity.vendorID, productID: identity.productID)
    let hubs = max(0, identity.location.ports.count - 1)
    let place = identity.location.bus == 0 ? "on no bus" : "at \(identity.location.path)"
    let text =
      "\(ids) \(place), \(identity.speed.rawValue) speed"
      + (hubs == 0 ? "" : ", behind \(hubs) hub\(hubs == 1 ? "" : "s")")
    let isSlow =
      STLinkProduct(vendorID: identity.vendorID, productID: identity.productID)?.generation.speaksVersion3
      ?? false && identity.speed == .full
    note(
      DiagnosisFinding(
        .usb, isSlow ? .warning : .good, text + (isSlow ? ", where high speed is possible" : ""),
        causes: isSlow ? [.badUSB] : []))
  }

  private func openProbe() -> STLink? {
    do throws(DebugError) {
      let link = try STLink(
        probe: probe, options: STLinkOptions(clock: options.clock, interruption: options.interruption))
      let description = try link.describe()
      probeDescription = description
      millivolts = description.targetMillivolts
      note(probeFinding(description))
      return link
    } catch {
      note(DiagnosisFinding(.probe, failedWith: error.report))
      return nil
    }
  }

  private func probeFinding(_ description: ProbeDescription) -> DiagnosisFinding {
    let firmware = description.firmware
    let text = "\(description.product.name), firmware \(firmware)"
    if !firmware.supports(.halfwordAccess) {
      return DiagnosisFinding(
        .probe, .warning, text + ", which lacks commands that V2J26 has: slower, and less to see",
        causes: [.firmwareTooOld, .cloneProbe])
    }
    if let oddity = description.serial.oddity {
      return DiagnosisFinding(.probe, .warning, text + ", \(oddity)", causes: [.cloneProbe])
    }
    return DiagnosisFinding(.probe, .good, text)
  }

  func note(_ finding: DiagnosisFinding) {
    findings.append(finding)
    observer(finding)
  }
}

extension USBSerial? {
  /// What no genuine probe has as its serial number; nil where it looks right.
  fileprivate var oddity: String? {
    guard let serial = self else { return "no serial number" }
    if serial.text.allSatisfy({ $0 == "0" }) { return "a serial number of zeros" }
    // V3 counts longer ones; less than the 12 bytes of a microcontroller's unique id has none.
    if serial.text.count < 24 { return "a serial number of \(serial.text.count) digits instead of 24" }
    return nil
  }
}
