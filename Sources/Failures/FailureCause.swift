/// A reason for which work with a probe or a chip fails, as the field knows it.
///
/// The raw values are stable: programs that read the JSON events find them under `causes`.
public enum FailureCause: String, Sendable, CaseIterable {
  // Between the computer and the probe.

  /// Nothing is plugged in that could be used.
  case probeMissing = "probe-missing"
  /// The operating system does not let us at the probe.
  case probeDenied = "probe-denied"
  /// Another program holds the probe.
  case probeClaimed = "probe-claimed"
  /// The probe has left the bus in the middle.
  case probeUnplugged = "probe-unplugged"
  /// A killed program has left the probe in the middle of a command.
  case probeWedged = "probe-wedged"
  /// The probe runs its firmware loader, or stays in a mode in which it cannot debug.
  case probeWrongMode = "probe-wrong-mode"
  /// The probe's firmware lacks what is needed.
  case firmwareTooOld = "firmware-too-old"
  /// The probe is no genuine one and answers as none would.
  case cloneProbe = "clone-probe"
  /// The USB cable, hub or port loses data.
  case badUSB = "bad-usb"

  // Between the computer and a chip's bootloader.

  /// There is no such serial port.
  case portMissing = "port-missing"
  /// The operating system does not let us at the serial port.
  case portDenied = "port-denied"
  /// Another program holds the serial port.
  case portClaimed = "port-claimed"
  /// This computer has no such GPIO pins.
  case pinsMissing = "pins-missing"
  /// The operating system does not let us at the GPIO pins.
  case pinsDenied = "pins-denied"
  /// A driver or another program holds the GPIO pin.
  case pinClaimed = "pin-claimed"
  /// The serial adapter has left in the middle.
  case adapterUnplugged = "adapter-unplugged"
  /// The adapter sends back what it is given.
  case adapterEcho = "adapter-echo"
  /// The chip has not started its ROM bootloader.
  case bootloaderNotRunning = "bootloader-not-running"
  /// TX, RX or ground is open or swapped, or leads to another port of the chip.
  case serialWires = "serial-wires"
  /// RTS and DTR do not do to BOOT0 and NRST what a boot sequence expects.
  case controlWires = "control-wires"
  /// The bootloader has found activity at another of its interfaces first.
  case otherInterface = "other-interface"
  /// Both ends have different baud rates, or other parities.
  case baudRate = "baud-rate"

  // Between the computer and a chip's bootloader on USB.

  /// No device in DFU mode is plugged in.
  case dfuMissing = "dfu-missing"
  /// The operating system does not let us at the DFU device.
  case dfuDenied = "dfu-denied"
  /// Another program holds the DFU device.
  case dfuClaimed = "dfu-claimed"
  /// The USB device has no DFU interface, or not that of a ROM bootloader.
  case notDFU = "not-dfu"
  /// The device runs its program, which would have to make way for its bootloader.
  case dfuRuntime = "dfu-runtime"
  case dfuRuntimeMissing = "dfu-runtime-missing"
  /// The DFU device is in a state out of which it does not come.
  case dfuStuck = "dfu-stuck"
  /// The DFU device has left the bus in the middle.
  case dfuUnplugged = "dfu-unplugged"
  /// The ROM does not make 48 MHz of the board's crystal.
  case crystalMistaken = "crystal-mistaken"

  // Between the probe and the chip.

  /// The jumpers between a board's ST-LINK and its chip are off.
  case jumpersOpen = "jumpers-open"
  /// SWDIO, SWCLK or ground is open, swapped, or too long for the clock.
  case badCable = "bad-cable"
  /// Somebody other than the probe keeps the chip in reset.
  case resetHeldLow = "nrst-held-low"
  /// The probe's reset wire does not reach the chip.
  case resetOpen = "nrst-open"

  // The chip's supply.

  /// The chip has no supply.
  case targetUnpowered = "target-unpowered"
  /// The supply is lower than what is being done needs.
  case supplyLow = "supply-low"
  /// The option bytes hold the chip in reset at this supply (BOR_LEV).
  case brownOutLevel = "brown-out-level"
  /// The supply collapses under load.
  case brownOut = "brown-out"
  /// The capacitors of the core's regulator are missing or wrong.
  case capacitorMissing = "vcap-missing"

  /// The probe's reference wire does not reach the supply; the chip may run all the same.
  case referenceOpen = "vtref-open"
  /// BOOT0 is high, so that the ROM bootloader starts instead of the flash.
  case bootPinHigh = "boot-pin-high"

  // The program in the chip.

  /// The program uses the SWD pins for something else.
  case pinsReused = "swd-pins-reused"
  /// The program sleeps with the debug clocks off.
  case sleeps = "firmware-sleeps"
  /// The option bytes turn entering Stop or Standby into a reset.
  case lowPowerResets = "low-power-resets"
  /// A watchdog resets the chip.
  case watchdogResets = "watchdog-resets"
  /// The program ends in a reset again and again.
  case resetLoop = "reset-loop"
  /// The core has stopped in a fault within a fault.
  case lockedUp = "locked-up"
  /// The program has ended in a fault handler.
  case programFaults = "program-faults"
  /// The program is linked for another address than the one at which it lies.
  case wrongAddress = "wrong-address"
  /// The program has raised its clock without giving the flash the wait states that it needs.
  case fewWaitStates = "few-wait-states"
  /// The flash holds no program where the chip starts.
  case noProgram = "no-program"
  /// What stands where the chip starts is nothing that it could start.
  case startIsNoProgram = "start-is-no-program"
  /// A breakpoint that a debugger has left stops the program.
  case breakpointLeft = "breakpoint-left"
  /// Read protection keeps the program stopped after a debugger's visit.
  case powerCycleNeeded = "power-cycle-needed"
  /// The flash holds half of a program.
  case writeInterrupted = "write-interrupted"
  /// The flash holds another program, or none.
  case otherContent = "other-content"
  /// The flash controller has been blocked by a wrong key.
  case controllerBlocked = "controller-blocked"
  /// The core ran on while the flash was worked on, and disturbed it.
  case programDisturbs = "program-disturbs"

  // Protection.

  /// Read protection at level 1.
  case readProtected = "read-protected"
  /// Read protection at level 2, for ever.
  case readProtectedForEver = "read-protected-for-ever"
  /// A cut in the middle of their programming has left the option bytes erased, which protects everything.
  case optionsErased = "options-erased"
  /// Sectors are write-protected.
  case writeProtected = "write-protected"
  /// Sectors are readable by their own code only.
  case codeProtected = "pcrop"

  // The chip itself.

  /// There is no memory and no register at an address, or its clock is off.
  case nothingThere = "nothing-there"
  /// The chip is of another family.
  case otherChip = "other-chip"
  /// The chip is no genuine one.
  case cloneChip = "clone-chip"
  /// Single cells do not take what is written.
  case cellDefect = "cell-defect"
  /// A sector is worn out or slower than the data sheet allows.
  case sectorWorn = "sector-worn"
}
