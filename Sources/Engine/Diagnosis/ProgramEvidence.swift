import Basics
import Failures

/// What was seen of a core and its program: the same evidence for every verb.
struct ProgramEvidence: Sendable, Equatable {
  /// What the core was doing at the last look; nil where it did not answer any more.
  var status: CoreStatus?
  /// How often it was found reset, and within which time.
  var resetCount = 0
  var lookDuration = Duration.zero
  /// What the core says of its exception; nil where it was not read.
  var fault: FaultReading?
  /// The address of the instruction that faulted, where the stack shows one and only one.
  var faultAddress: UInt32?
  /// Why the chip was reset, where it was read.
  var resetFlags: ResetFlags?
  /// Clock and wait states of the program, where they are such that it reads its flash too early; nil elsewhere.
  var timing: FlashReadTiming?
  /// Whether the core has been held since, so that a debugger reads the flash rightly all the same.
  var isHeldSince = false
  /// What the flash holds at its start; nil where it was not looked at.
  var contents: FlashSurvey?
  /// Whether the reset handler lies where nothing is programmed.
  var isEntryBlank = false
  /// Whether the chip shows its ROM bootloader at address 0.
  var showsBootloader = false
  /// Whether the ROM starts whatever the BOOT pins say, and goes on to the bank with a program (BFB2).
  var startsFromBank2 = false
  /// Whether a breakpoint is armed.
  var hasBreakpoints = false
  /// Whether RDP is at level 1.
  var isReadProtected = false

  /// Whether what the flash answers now can be believed.
  var readsCanBeRight: Bool { timing == nil || isHeldSince }

  /// Whether the chip is reset so often that nothing else of it can be looked at.
  var keepsBeingReset: Bool { (resetCount > 1 || status?.state == .inReset) && !(status?.isHeldInReset ?? false) }

  /// Whether the core is where a program that works is not.
  var isInFault: Bool { status?.state == .lockedUp || fault?.handler != nil }
}

extension ProgramEvidence {
  /// The one verdict on the evidence.
  var verdict: ProgramLook {
    guard let status else {
      return ProgramLook(
        condition: .silent,
        text: "running, and then silent: it sleeps with its debug clocks off or has taken the SWD pins", causes: [])
    }
    if status.isHeldInReset {
      return ProgramLook(condition: .heldInReset, text: "held in reset", causes: [.resetHeldLow, .resetLoop])
    }
    if keepsBeingReset { return resetLoop(status) }
    if isInFault { return faulted(status) }
    if showsBootloader {
      return bootloader(status.description)
    }
    if let timing, status.state != .halted {
      return ProgramLook(
        condition: status.state == .sleeping ? .sleeping : .running, text: "\(status), although \(timing.sentence)",
        causes: [.fewWaitStates])
    }
    switch status.state {
    case .halted: return ProgramLook(condition: .halted, text: status.description, causes: [])
    case .sleeping: return ProgramLook(condition: .sleeping, text: "sleeping", causes: [])
    default: return ProgramLook(condition: .running, text: status.description, causes: [])
    }
  }

  /// With BFB2 the ROM stays where neither bank holds a program (AN2606).
  private func bootloader(_ state: String) -> ProgramLook {
    ProgramLook(
      condition: .bootloader,
      text: "\(state), in the ROM bootloader" + (startsFromBank2 ? ", which has found no program to start" : ""),
      causes: startsFromBank2 ? [.noProgram, .bootPinHigh] : [.bootPinHigh])
  }

  private func resetLoop(_ status: CoreStatus) -> ProgramLook {
    let isWatchdog = resetFlags?.isWatchdog ?? false
    return ProgramLook(
      condition: .resetLoop,
      text: "\(status), reset \(max(1, resetCount)) times in \(Duration.milliseconds(milliseconds).wording)",
      causes: isWatchdog ? [.watchdogResets, .resetLoop] : [.resetLoop, .watchdogResets, .brownOut])
  }

  private var milliseconds: Int64 {
    let (seconds, attoseconds) = lookDuration.components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }

  private func faulted(_ status: CoreStatus) -> ProgramLook {
    let isLockedUp = status.state == .lockedUp
    let state = isLockedUp ? "locked up" : "in its \(fault?.handler ?? "fault") handler"
    if isReadProtected {
      return ProgramLook(
        condition: .powerCycleNeeded,
        text: "\(state): read protection level 1 keeps it stopped after a debugger's visit, until the power is cycled",
        causes: [.powerCycleNeeded])
    }
    if showsBootloader {
      return bootloader(state)
    }
    let condition: ProgramLook.Condition = isLockedUp ? .lockedUp : .faulted
    if let timing {
      return ProgramLook(
        condition: condition, text: "\(state): \(timing.sentence)",
        causes: [.fewWaitStates] + (timing.verdict == .insufficient ? [] : faultCauses(isLockedUp)))
    }
    if let place = contents?.missingProgram {
      return ProgramLook(condition: condition, text: "\(state): \(place)", causes: [.noProgram])
    }
    let reason = fault?.reason.map { ": \($0)" } ?? ""
    let place = faultAddress.map { ", at \($0.hexadecimal)" } ?? ""
    return ProgramLook(condition: condition, text: state + reason + place, causes: faultCauses(isLockedUp))
  }

  private func faultCauses(_ isLockedUp: Bool) -> [FailureCause] {
    if fault?.hardFault[.debugEvent] ?? false { return hasBreakpoints ? [.breakpointLeft] : [.programFaults] }
    if isEntryBlank { return [.wrongAddress, .writeInterrupted] }
    if case .other = contents { return [.startIsNoProgram, .wrongAddress] }
    return isLockedUp ? [.lockedUp, .wrongAddress] : [.programFaults, .wrongAddress]
  }
}
