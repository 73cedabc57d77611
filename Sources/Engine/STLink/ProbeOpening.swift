import Basics
import Failures
import LinkInterface

/// The steps that bring a probe from any state into a known one, in their order.
struct ProbeOpening {
  let channel: CommandChannel
  let product: STLinkProduct

  /// A probe that is there answers its version within two frames; one that hangs is not worth a long wait.
  private static let firstCommandLimit: Duration = .milliseconds(500)
  /// How long a copy to the disk of a board's probe may take: programming 1 MiB takes about as long.
  private static let patience: Duration = .seconds(15)
  /// What a probe needs after a reset of its USB device before it takes commands (OpenOCD waits as long).
  private static let resetPause: Duration = .seconds(1)

  /// Asks for the version, with the two recoveries that a first command may need.
  ///
  /// A probe may hold the reply to a command of a program that was killed, wait for write data that never come, or
  /// expect the other data toggle than the host sends, and lose the first command by it.
  func readVersion() throws(DebugError) -> FirmwareVersion {
    var version = try readFirstVersion()
    if version.major >= 3 {
      let reply = try channel.run(.getVersionExtended)
      guard let extended = FirmwareVersion(extendedReply: reply) else {
        throw .malformedReply(during: STLinkOpcode.getVersionExtended.name, expected: 12, received: reply)
      }
      version = extended
    }
    guard version.major >= 2 else {
      throw .probeUnusable(
        reason: "the probe's firmware is \(version), of the first generation",
        remedy: .updateFirmware, cause: .firmwareTooOld)
    }
    guard version.debug > 0 else {
      throw .probeUnusable(
        reason: "the probe's firmware \(version) has no SWD part; it is made for boards with an STM8",
        remedy: "Use another ST-LINK")
    }
    return version
  }

  private func readFirstVersion() throws(DebugError) -> FirmwareVersion {
    do throws(DebugError) {
      return try requestVersion()
    } catch {
      guard error.isLossOnTheWay else { throw error }
      channel.openingFailure = error
    }
    channel.drain()
    do throws(DebugError) {
      return try requestVersion()
    } catch {
      guard error.isLossOnTheWay else { throw error }
    }
    do throws(LinkError) {
      try channel.probe.reset()
    } catch {
      throw .transport(error, during: "the reset of the USB device")
    }
    channel.probe.clock.wait(for: ProbeOpening.resetPause)
    return try requestVersionPatiently()
  }

  /// Asks until the probe answers: a board whose disk is being written to takes no command until that is done.
  private func requestVersionPatiently() throws(DebugError) -> FirmwareVersion {
    let deadline = channel.probe.clock.deadline(after: ProbeOpening.patience)
    while true {
      let isLate = channel.probe.clock.hasPassed(deadline)
      do throws(DebugError) {
        return try requestVersion()
      } catch {
        guard product.generation != .v2, error.isLossOnTheWay, !isLate else { throw error }
      }
      channel.probe.clock.wait(for: ProbeOpening.resetPause)
    }
  }

  private func requestVersion() throws(DebugError) -> FirmwareVersion {
    let reply = try channel.run(.getVersion, limit: ProbeOpening.firstCommandLimit)
    guard let version = FirmwareVersion(reply: reply, generation: product.generation) else {
      throw .malformedReply(during: STLinkOpcode.getVersion.name, expected: 6, received: reply)
    }
    channel.versionReply = reply
    return version
  }

  /// Leaves whatever mode the probe is in, so that it is idle.
  func leaveCurrentMode() throws(DebugError) {
    let mode = try channel.readMode()
    if mode == .massStorage { return }
    // A program that was killed in the middle may have left NRST low, and the chip in reset.
    if mode == .debug { try channel.run(.driveReset(.released)) }
    try channel.leave(mode)
    let newMode = try channel.readMode()
    guard newMode == .massStorage else {
      throw .probeUnusable(
        reason: "the probe stays in \(newMode.title) although it was told to leave \(mode.title)",
        remedy: .replug, cause: .probeWrongMode)
    }
  }

  /// Sets the clock and tells what can be set.
  func setClock(_ choice: ClockChoice, firmware: FirmwareVersion) throws(DebugError) -> (ClockSetting, [Int]) {
    if firmware.supports(.clockList) { return try setClockFromList(choice) }
    if firmware.supports(.swdFrequency) { return try setV2Clock(choice) }
    let wished: Int? = if case .atMost(let kHz) = choice { kHz } else { nil }
    var setting = ClockSetting(requestedKHz: wished, actualKHz: V2Clock.powerUpKHz)
    if let wished, wished != V2Clock.powerUpKHz {
      setting.remark =
        "SWD clock is \(V2Clock.powerUpKHz.frequency) instead of \(wished.frequency): firmware \(firmware) cannot change it, "
        + "which came with V2J22"
    }
    return (setting, [V2Clock.powerUpKHz])
  }

  /// A clone that has an older firmware than it says refuses; it then has the clock of power-up, as that firmware had.
  private func setV2Clock(_ choice: ClockChoice) throws(DebugError) -> (ClockSetting, [Int]) {
    let choices = V2Clock.entries.map(\.kHz)
    guard let wished = choice.kHz(standard: V2Clock.standardKHz) else { return (ClockSetting(), choices) }
    let nearest = ClockSetting.nearest(to: wished, of: choices)
    guard let entry = V2Clock.entries.first(where: { $0.kHz == nearest }) else { return (ClockSetting(), choices) }
    do throws(DebugError) {
      try channel.run(.setSWDFrequency(divisor: entry.divisor))
    } catch {
      guard error.isRefusal else { throw error }
      let setting = ClockSetting(
        requestedKHz: wished, actualKHz: V2Clock.powerUpKHz,
        remark: FirmwareFeature.swdFrequency.missing + "; the SWD clock stays at \(V2Clock.powerUpKHz.frequency)")
      return (setting, [V2Clock.powerUpKHz])
    }
    let setting = ClockSetting(
      requestedKHz: wished, actualKHz: entry.kHz,
      remark: ClockSetting.remark(requestedKHz: wished, actualKHz: entry.kHz))
    return (setting, choices)
  }

  /// A probe that cannot list its clocks, or lists none, keeps the one that it has.
  private func setClockFromList(_ choice: ClockChoice) throws(DebugError) -> (ClockSetting, [Int]) {
    guard let reply = try unlessRefused({ () throws(DebugError) in try channel.run(.getComFrequency) }),
      let clocks = V3Clocks(reply: reply)
    else {
      let remark = "the probe does not list its SWD clocks; the clock stays as it is"
      return (ClockSetting(requestedKHz: choice.kHz(standard: V3Clocks.standardKHz), remark: remark), [])
    }
    guard let wished = choice.kHz(standard: V3Clocks.standardKHz),
      let nearest = ClockSetting.nearest(to: wished, of: clocks.choicesKHz)
    else { return (ClockSetting(actualKHz: clocks.currentKHz), clocks.choicesKHz) }
    let setting = STLinkCommand.setComFrequency(kHz: UInt32(clamping: nearest))
    guard let answer = try unlessRefused({ () throws(DebugError) in try channel.run(setting) }) else {
      let remark = "the probe does not set its SWD clock; it stays at \(clocks.currentKHz.frequency)"
      return (
        ClockSetting(requestedKHz: wished, actualKHz: clocks.currentKHz, remark: remark), [clocks.currentKHz]
      )
    }
    let actual = Int(answer.littleEndianWord(at: 4))
    let isWish = choice != .standard
    return (
      ClockSetting(
        requestedKHz: wished, actualKHz: actual,
        remark: isWish ? ClockSetting.remark(requestedKHz: wished, actualKHz: actual) : nil), clocks.choicesKHz
    )
  }

  /// The reply to a command; nil where the probe refuses it.
  private func unlessRefused(_ body: () throws(DebugError) -> [UInt8]) throws(DebugError) -> [UInt8]? {
    do throws(DebugError) {
      return try body()
    } catch {
      guard error.isRefusal else { throw error }
      return nil
    }
  }
}

extension ClockChoice {
  /// The wished clock; nil where the clock stays as it is.
  fileprivate func kHz(standard: Int) -> Int? {
    switch self {
    case .unchanged: nil
    case .standard: standard
    case .atMost(let kHz): kHz
    }
  }
}
