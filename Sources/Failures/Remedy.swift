/// What a program can be asked to do against a failure, whoever asks and however.
///
/// A command line has a command or an option for each, another program a button or a call. Advice names them
/// (`Advice`); what they are called, only the front end knows.
public enum Remedy: Sendable, Hashable {
  // Reaching the chip.

  /// Take this probe and not another.
  case chooseProbe
  /// List the probes that are plugged in.
  case listProbes
  /// Give users access to the probes, by the udev rule of this project.
  case installAccessRule
  /// Work with a simulated probe.
  case simulate
  /// Connect while NRST is low.
  case connectUnderReset
  /// Set the SWD clock; nil for one of the user's choice.
  case setClock(kHz: Int?)

  /// Work by the chip's bootloader on USB, without a probe.
  case useUSBBootloader
  /// Set the baud rate of a serial port.
  case setBaudRate
  /// Say what is done with a serial port's control lines to start a bootloader.
  case setBootSequence

  // What the chip is, and its supply.

  /// Say which chip a copy stands in for, and how much flash it has.
  case nameChip
  /// Say how much flash the chip has.
  case nameFlashSize
  /// List the chips that are known.
  case listChips
  /// Say what the supply is; nil for whatever it is.
  case nameSupply(millivolts: Int?)
  /// Say that 7 to 9 V are on the VPP pin.
  case nameProgrammingVoltage

  // Working on the flash.

  /// Erase and program so many bits at once.
  case setWidth(bits: Int)
  /// Program through the debug port, without the RAM loader.
  case withoutLoader
  /// Erase the whole flash.
  case eraseAll
  /// Take write protection off, which erases nothing.
  case liftWriteProtection
  /// Take every protection off, which erases the whole flash.
  case liftAllProtection
  /// Set the option bytes that an image holds.
  case includeOptions
  /// Program what an image holds for OTP.
  case includeOTP
  /// Allow a change that erases the whole flash.
  case allowErase
  /// Allow what cannot be undone, by saying it in these words.
  case allowIrreversible(words: String)
  /// Reset the chip, with everything of a debugger's taken out of it.
  case reset

  // Seeing more.

  /// Show the chip and what protects it.
  case identify
  /// Look for what is wrong between the computer and the flash.
  case diagnose
  /// Erase and program a sector, which gets its content back.
  case testSector
  /// Tell more of what is being done.
  case tellMore
  /// Give the simulated probe to a program in a way that needs neither kernel nor root.
  case serveOtherwise
}
