import ArgumentParser

/// How a program that `sim run` runs gets at the probes.
struct CarrierOption: ParsableArguments {
  @Option(help: ArgumentHelp("How the program gets at the probes: fuse or umockdev.", valueName: "carrier"))
  var carrier: Carrier?

  @Flag(
    help: ArgumentHelp(
      "Connect USART1 of the chip to a pseudo-terminal instead, whose path stands for @TTY@ in the program's arguments: "
        + "the ROM bootloader with --sim-boot system, else what the firmware does there."))
  var uart = false

  @Option(help: ArgumentHelp("With --uart: another serial port of the chip.", valueName: "port"))
  var uartPort: String?

  func validate() throws {
    if uart && carrier != nil { throw ValidationError("--uart needs no carrier: the program sees no probe.") }
    if uartPort != nil && !uart { throw ValidationError("--uart-port needs --uart.") }
  }

  /// A way to the probes.
  enum Carrier: String, ExpressibleByArgument, CaseIterable {
    case fuse
    case umockdev
  }
}
