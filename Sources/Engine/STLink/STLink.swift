import Basics
import Failures
public import LinkInterface

/// An ST-LINK/V2, V2-1 or V3 with the target behind it, over any probe.
///
/// Opening finds out what the probe is, brings it into a known mode and sets its clock; it touches no target. `enter`
/// connects to the target; `Attach` does so in all the ways that a target may need. Whoever opens a probe closes it.
public final class STLink: DebugAccess {
  /// The product by its USB id.
  public let product: STLinkProduct
  /// The version of the firmware.
  public let firmware: FirmwareVersion
  /// The SWD clock as it is set.
  public internal(set) var clockSetting: ClockSetting
  /// The SWD clocks that the probe can make in kHz, fastest first; one where the firmware cannot change it.
  public let clocksKHz: [Int]
  /// Every step down of the clock that errors have forced since the probe was opened.
  public internal(set) var clockReductions: [ClockReduction] = []
  /// Is told of each step down of the clock when it happens.
  public var onClockReduction: (ClockReduction) -> Void = { _ in }
  /// What the probe turned out not to do although its version says so, as clones of older ones do.
  public private(set) var missingFeatures: Set<FirmwareFeature> = []
  /// Is told of each such feature when it is first found out.
  public var onMissingFeature: (FirmwareFeature) -> Void = { _ in }
  /// How many commands were carried out although replies to them were lost or cut.
  public var repetitionCount: Int { channel.repetitionCount }
  /// How many reads of the target have been made twice because the reply to the first was lost.
  public var repeatedReadCount: Int { channel.repeatedReadCount }
  /// Is told of each command that was repeated because a reply was lost or cut, when it has come through.
  public var onRepetition: (Repetition) -> Void {
    get { channel.onRepetition }
    set { channel.onRepetition = newValue }
  }
  /// Whether NRST is pulled low by us.
  public internal(set) var isResetAsserted = false

  /// Whether accesses that the wires garbled are tried again; only while a target is attached, so that nothing hides
  /// from the search for it.
  var recoversFromWireErrors = false

  let probe: any USBDevice
  let channel: CommandChannel
  var limits: TransferLimits
  var isAccessPortOpen = false
  /// Whether SWO is received.
  var isTracing = false
  /// Whether a 16-bit access has been made.
  var hasMadeHalfwordAccess = false
  private var isClosed = false

  /// The clock by which the target's time passes.
  public var clock: any LinkClock { probe.clock }

  /// Takes a probe into use: version, mode, clock.
  ///
  /// A probe that a killed program has left in mid-command is brought back: what it still holds is read away, and when
  /// that is not enough the USB device is reset, once. The probe is closed again when opening fails.
  ///
  /// - Throws: `DebugError.probeUnusable` for a device that is no ST-LINK, a V1, a firmware loader, a probe for STM8
  ///   only, and a mode that cannot be left; `transport` and `malformedReply` for a probe that does not answer.
  public init(probe: any USBDevice, options: STLinkOptions = STLinkOptions()) throws(DebugError) {
    do throws(DebugError) {
      product = try STLinkProduct.usable(probe.identity)
      channel = CommandChannel(probe: probe, endpoints: product.endpoints, interruption: options.interruption)
      self.probe = probe
      let opening = ProbeOpening(channel: channel, product: product)
      firmware = try opening.readVersion()
      channel.lastStatusCommand = firmware.supports(.lastStatusWithAddress) ? .getLastStatus2 : .getLastStatus
      channel.clearsStickyErrors = firmware.supports(.dapRegisters)
      limits = TransferLimits(firmware: firmware)
      try opening.leaveCurrentMode()
      (clockSetting, clocksKHz) = try opening.setClock(options.clock, firmware: firmware)
    } catch {
      probe.close()
      throw error
    }
    channel.onRefusedClearing = { [weak self] in self?.note(missing: .dapRegisters) }
  }

  /// Gives the probe back clean: NRST released, access port closed, debug mode left.
  ///
  /// May be called twice.
  ///
  /// The target keeps its debug registers; `Attachment.detach` cleans those. Every step is tried, whatever the ones
  /// before it did, and an interruption is not looked at.
  ///
  /// - Throws: the first error of any step, after the last step.
  public func close() throws(DebugError) {
    guard !isClosed else { return }
    isClosed = true
    channel.ignoreInterruption()
    defer { probe.close() }
    var firstError: DebugError?
    if isTracing {
      do throws(DebugError) { try stopTrace() } catch { firstError = error }
    }
    if isResetAsserted {
      do throws(DebugError) { try driveReset(.released) } catch { firstError = error }
    }
    do throws(DebugError) { try leave() } catch { firstError = firstError ?? error }
    if let firstError { throw firstError }
  }

  /// What is known of the probe; measures the target's voltage.
  public func describe() throws(DebugError) -> ProbeDescription {
    let millivolts = try targetMillivolts()
    var remarks = [clockSetting.remark].compactMap { $0 }
    if let failure = channel.openingFailure {
      remarks.append(
        "the probe had to be asked twice for its version (\(failure.report.summary)): a program that was killed has left "
          + "it so, or a reply was lost")
    }
    if let millivolts, millivolts < STLink.lowSupplyMillivolts {
      remarks.append("target voltage is \(millivolts.volts); an STM32F2 or F4 needs at least 1.70 V")
    }
    if firmware.has(.exitOutsideDebugHangs) {
      remarks.append("firmware \(firmware) hangs when other programs leave debug mode twice; update it")
    }
    return ProbeDescription(
      product: product, firmware: firmware, serial: probe.identity.serial, location: probe.identity.location,
      clock: clockSetting, clocksKHz: clocksKHz, targetMillivolts: millivolts, remarks: remarks)
  }

  /// The voltage on the target's reference pin, in millivolts; nil where the probe cannot measure it.
  ///
  /// V = 2 × reading × 1.2 V / reference. A reference of zero means that the probe's own measurement is broken. On
  /// boards with a probe of their own this is the board's 3.3 V, whether or not the jumpers to the target are open.
  public func targetMillivolts() throws(DebugError) -> Int? {
    guard let reply = try runOptional(.getTargetVoltage, .targetVoltage) else { return nil }
    let reference = UInt64(reply.littleEndianWord(at: 0))
    let reading = UInt64(reply.littleEndianWord(at: 4))
    guard reference != 0 else { return nil }
    return Int(clamping: (2400 * reading + reference / 2) / reference)
  }

  /// The board's mbed identifier, four characters; nil where the firmware or the board has none.
  public func boardIdentifier() throws(DebugError) -> String? {
    guard let reply = try runOptional(.getBoardIdentifiers, .boardIdentifiers) else { return nil }
    let characters = reply[2..<6]
    guard characters.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return String(decoding: characters, as: UTF8.self)
  }

  /// Runs a command that can be done without; nil where the firmware does not have it, or refuses it all the same.
  ///
  /// A command that is no debug command is not refused but answered by silence.
  func runOptional(_ command: STLinkCommand, _ feature: FirmwareFeature) throws(DebugError) -> [UInt8]? {
    guard firmware.supports(feature), !missingFeatures.contains(feature) else { return nil }
    do throws(DebugError) {
      return try channel.run(command, limit: feature == .targetVoltage ? STLink.voltageLimit : nil)
    } catch {
      guard error.isRefusal || error.isSilence && feature == .targetVoltage else { throw error }
      note(missing: feature)
      return nil
    }
  }

  /// Takes note of what the probe refuses although its version has it.
  func note(missing feature: FirmwareFeature) {
    guard missingFeatures.insert(feature).inserted else { return }
    onMissingFeature(feature)
  }

  /// The time for a measurement: some clones do not answer, which is not worth a long wait; pyOCD grants as much.
  private static let voltageLimit: Duration = .seconds(1)
  /// Below this the target is certainly not in its operating range (data sheets: VDD from 1.7 V, some lines 1.8 V).
  private static let lowSupplyMillivolts = 1700
}

extension DebugError {
  /// Whether the probe does not know the command.
  var isRefusal: Bool {
    status?.isRefusal ?? false
  }

  /// Whether no reply came.
  fileprivate var isSilence: Bool {
    switch self {
    case .transport(let error, _): error.reason == .timeout
    case .replyLost(let loss): loss.failure.isSilence
    default: false
    }
  }
}
