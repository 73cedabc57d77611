/// What a session has of the target's core and has changed about the chip: what it has to answer for when it closes.
///
/// Whoever works with the core moves it from one standing to another by way of `TargetSession`: work on the flash takes it
/// for a moment, a debugging session may hold it for long. Where a program can go on is told by the standing alone, so
/// that reads, steps and waiting may come in any order between.
struct CoreCustody {
  /// Where the core stands, by what it may do next.
  enum Standing {
    /// In its program, wherever that was halted, or still running it: what the program has set up goes on.
    case inProgram
    /// Before its first instruction: nothing of the program goes on, and it starts anew when the core is let go.
    case atResetVector
    /// In the RAM loader, which runs.
    case inLoader(Loader)
    /// Halted with registers and RAM that a loader has used: another one may start, the program only after a reset.
    case afterLoader
    /// As `afterLoader`, and a reset has failed since: the program may have set something up meanwhile.
    case lost
  }

  /// What has become of the flash since the core was halted.
  enum FlashCondition {
    /// As it was.
    case asFound
    /// It holds something else: the program must not go on from where it stands.
    case changed
    /// It holds half of a firmware: the core must not run at all.
    case broken
  }

  /// Where the banks are, as the chip shows them.
  enum Banks {
    /// Each in its own place, as after every reset that is caught.
    case inPlace
    /// In each other's place.
    case swapped
    /// Each in its own place, where we have put them: a program that goes on must find them swapped.
    case putInPlace
  }

  /// The hold on the target; nil before it was reached.
  var attachment: Attachment?
  /// The target's debug unit as it was before we took it; nil while we have not.
  var unit: DebugUnit?
  var standing = Standing.inProgram
  /// Whether the core is ours to work on the flash with: halted or in the loader, the watchdogs frozen.
  var isTaken = false
  var flash = FlashCondition.asFound
  var banks = Banks.inPlace
  /// What sees to it that the flash is read slowly enough; nil before the target was reached.
  var reads: FlashReads?
  /// Whether the flash controller could not be locked again when work on the flash failed.
  var isControllerOpen = false
  /// What had reset the chip before work on it began; nil where it could not be read.
  var earlierResets: ResetFlags?
  /// What the core is to do when the session closes and nobody says otherwise, as a run of the program has ended.
  var leavingAfterRun: CoreLeaving?
  /// Why no loader can run, as far as it was tried; the user has been told.
  var loaderRefusal: LoaderRefusal?

  /// Whether nothing that the firmware has set up goes on.
  var isFreshFromReset: Bool {
    switch standing {
    case .atResetVector, .inLoader, .afterLoader: true
    case .inProgram, .lost: false
    }
  }

  /// Whether the core starts its firmware anew when it is let go.
  var isAtResetVector: Bool { if case .atResetVector = standing { true } else { false } }

  /// Whether the program can only begin anew, by a reset.
  var needsReset: Bool {
    switch standing {
    case .inLoader, .afterLoader, .lost: true
    case .inProgram, .atResetVector: false
    }
  }

  /// A reset has brought the core to its first instruction, caught in the ROM, before that chooses a bank.
  mutating func hasBeenReset() {
    standing = .atResetVector
    banks = .inPlace
    reads?.forget()
  }

  /// The program was let go from its reset vector, and is listened to.
  mutating func hasBegunToRun() {
    standing = .inProgram
    isTaken = false
  }

  /// The program is to begin anew, by a reset, when the core is let go.
  mutating func mustStartAnew() { standing = .lost }

  /// A reset was tried and has not brought the core to its first instruction.
  mutating func hasNotBeenReset() {
    standing = needsReset ? .lost : .inProgram
  }
}
