import Basics

/// Firmware that makes trouble for a debugger: real code for the simulated core, from firmware/faulty/NAME.s.
enum FaultyProgram: CaseIterable {
  /// Sleeps at once (WFI).
  case sleep
  /// Sleeps, and works for a moment at every tick.
  case idle
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
  /// Lets DMA write into the RAM over and over.
  case dma
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
    load(program.words)
  }

  /// Puts the program that idles where the chip boots from.
  ///
  /// - Parameters:
  ///   - period: the tick in microseconds, at the 16 MHz of HSI; the counter has 24 bits.
  ///   - awake: how much of it the core is awake, in thousandths.
  func loadIdle(period: Int, awake: Int) {
    let cycles = period * 16
    var words = FaultyProgram.idle.words
    words[words.count - 2] = UInt32(cycles - 1)
    words[words.count - 1] = UInt32(max(1, cycles * awake / 3000))
    load(words)
  }

  private func load(_ words: [UInt32]) {
    flash.main.replace(at: 0, with: words.flatMap(\.littleEndianBytes))
  }
}
