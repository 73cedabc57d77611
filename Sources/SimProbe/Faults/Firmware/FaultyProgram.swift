import Basics

/// Firmware that makes trouble for a debugger: real code for the simulated core, from firmware/faulty/NAME.s.
enum FaultyProgram: CaseIterable {
  /// Sleeps at once (WFI).
  case sleep
  /// Enters Stop mode at once.
  case stop
  /// Enters Standby mode at once.
  case standby
  /// Makes other pins of the SWD pins.
  case swdReused
  /// Undoes what a debugger sets in DBGMCU, with the watchdog running.
  case debugOff
  /// Runs the independent watchdog and reloads it.
  case watchdog
  /// Locks up.
  case lockup
  /// Resets the chip over and over.
  case resetLoop
  /// Sets read protection level 1.
  case readProtects
  /// Raises its clock and leaves the flash without wait states.
  case fewWaitStates
}

extension Chip {
  /// Puts a program where the chip boots from.
  func load(_ program: FaultyProgram) {
    flash.main.replace(at: 0, with: program.words.flatMap(\.littleEndianBytes))
  }
}
