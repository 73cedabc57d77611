/// A class of faults that look the same through the probe: a host that names any of them has said all it can know.
public enum FaultLikeness: String, Sendable, CaseIterable {
  /// The probe works, the voltage is right, and no chip answers on SWD, under reset neither.
  case silentWire
  /// SWD answers, with errors now and then.
  case noisyWire
  /// NRST does not reach the chip.
  case noReset
  /// Something holds NRST low.
  case heldReset
  /// The chip starts from another memory than its flash, or from no crystal: nothing that a flash tool meets.
  case unnoticed
  /// The chip has no supply.
  case noSupply
  /// The supply is too low for the widest programming.
  case lowSupply
  /// The probe measures no voltage although the chip runs.
  case noReference
  /// The supply gives way while the flash erases or programs, and the chip loses its state.
  case collapsingSupply
  /// Bits come out wrong after erasing and programming, and no flag tells.
  case wrongBits
  /// Firmware has shut the debug port; a reset opens it for a moment.
  case closedByFirmware
  /// The chip sleeps, and its debug clocks with it.
  case asleep
  /// The chip sleeps most of the time, and its debug clocks with it.
  case dozing
  /// A watchdog resets the chip.
  case watchdog
  /// The chip resets itself over and over.
  case resetLoop
  /// The core has locked up.
  case lockedUp
  /// Read protection level 1.
  case readProtected
  /// Sectors that cannot be erased or programmed.
  case writeProtected
  /// Sectors that only their own code can read.
  case readoutProtected
  /// The chip is not the one that it should be, or none of ST's.
  case foreignChip
  /// The chip is as good as any other but for what it says of itself.
  case oddIdentity
  /// Erasing takes longer than it may.
  case slowFlash
  /// A debugging session that ended without a word has left its settings in the chip.
  case leftByDebugger
  /// An erase that somebody else has started goes on.
  case leftErasing
  /// The flash controller takes no key until the next reset.
  case blockedController
  /// The probe's firmware lacks a command.
  case oldProbe
  /// The probe is in a mode in which it cannot debug.
  case wrongMode
  /// The probe is in a state that another program has left behind.
  case leftBehind
  /// The probe does not answer until it is plugged in anew.
  case deadProbe
  /// The probe is a clone whose firmware answers wrongly.
  case cloneProbe
  /// Another program has the probe.
  case claimed
  /// The user may not open the probe.
  case denied
  /// The USB connection loses data.
  case lossyUSB
  /// The probe is gone.
  case unplugged
  /// No bootloader answers at the serial port.
  case silentPort
  /// Characters go wrong between the serial port and the bootloader.
  case noisyPort
  /// What is sent to the serial port comes back.
  case echoingPort
  /// The serial port is gone.
  case lostPort
  /// Nothing shows itself at the board's own USB.
  case absentDevice
  /// The device at the board's own USB is gone.
  case lostDevice
  /// The device at the board's own USB takes nothing any more.
  case stuckDevice
  /// The device at the board's own USB is not what it should be.
  case oddDevice
  /// The probe's serial number does not tell it from others.
  case badSerial
}
