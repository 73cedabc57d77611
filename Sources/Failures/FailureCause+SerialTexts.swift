// Between the computer and a chip's bootloader at a serial port.
extension FailureCause {
  static let serialTexts: [FailureCause: CauseText] = [
    .portMissing: CauseText(
      title: "no adapter is plugged in, or it has another name",
      remedies: ["Look which ports there are\(with: .listProbes)", "Plug the serial adapter in"], isSaidBySummary: true),
    .portDenied: CauseText(
      title: "your user is not in the group that serial ports belong to",
      remedies: ["Add your user to that group (sudo usermod -aG dialout $USER on Debian), then log in anew"],
      isSaidBySummary: true),
    .portClaimed: CauseText(
      title: "another program holds the serial port",
      remedies: ["Close the other program: a terminal, ModemManager, another run of this program"],
      isSaidBySummary: true),
    .pinsMissing: CauseText(
      title: "the number is not that of a pin, or the kernel shows none (/dev/gpiochip*, Linux 5.10 or newer)",
      remedies: [
        "Look for the number with 'gpioinfo' (Debian package gpiod): it counts from 0 on the first chip",
        "Use the adapter's own lines, RTS and DTR\(with: .setBootSequence)",
      ], isSaidBySummary: true),
    .pinsDenied: CauseText(
      title: "your user is not in the group that GPIO belongs to",
      remedies: ["Add your user to that group (sudo usermod -aG gpio $USER on a Raspberry Pi), then log in anew"],
      isSaidBySummary: true),
    .pinClaimed: CauseText(
      title: "a driver of the kernel or another program holds the pin",
      remedies: ["Look with 'gpioinfo' who uses it, and end that program or take the driver off the pin"],
      isSaidBySummary: true),
    .adapterUnplugged: CauseText(
      title: "the serial adapter was unplugged or lost its supply",
      remedies: ["Plug the adapter in again, set the chip into its bootloader, and repeat the command"]),
    .adapterEcho: CauseText(
      title: "sending and receiving share one wire, so that what is sent comes back",
      remedies: ["Use an adapter with a wire for each direction; RS-485 and single-wire cables are none"],
      isSaidBySummary: true),
    .bootloaderNotRunning: CauseText(
      title: "the chip has not started its ROM bootloader",
      remedies: [
        "Set BOOT0 high and BOOT1 (PB2) low, press reset, and repeat the command",
        "Press reset before every attempt: the bootloader takes the rate of the first thing that it hears",
      ],
      check: "Measure BOOT0 while the chip is reset: it must be high, or the flash starts"),
    .serialWires: CauseText(
      title: "TX, RX or ground is open or swapped, or leads to pins at which the bootloader does not listen",
      remedies: [
        "Connect the adapter's TX to PA10 and its RX to PA9 (USART1), and ground to ground",
        "Disconnect whatever else drives these pins, such as the VCP of a board's ST-LINK",
      ],
      check: "Connect the adapter's TX with its RX alone: what is sent must come back"),
    .controlWires: CauseText(
      title: "RTS and DTR are swapped or inverted, or do not lead to BOOT0 and NRST",
      remedies: [
        "Try the other wirings\(with: .setBootSequence): RTS or DTR at BOOT0, straight or inverted",
        "Set BOOT0 high and press reset by hand, and leave the sequence out",
      ],
      check: "Measure BOOT0 and NRST while the sequence runs: NRST has to rise while BOOT0 is high"),
    .otherInterface: CauseText(
      title: "the bootloader has chosen another of its interfaces: USB (PA11, PA12) or a receiver that floats",
      remedies: [
        "Unplug the board's own USB connector, and reset the chip",
        "Hold the receivers high that are not used: PA10, PB11, PC11, PD6 or PA3, and CAN's",
      ],
      check: "Unplug everything but supply and adapter, and reset: an interface that was in the way is silent then"),
    .baudRate: CauseText(
      title: "the baud rate is beyond what the bootloader can measure, or the parity is not even",
      remedies: [
        "Reset the chip and try again, or at a lower baud rate\(with: .setBaudRate)",
        "Check that no program of the chip talks at the port",
      ],
      check: "Reset the chip and try at 9600 baud: what was a matter of the rate works then"),
  ]
}
