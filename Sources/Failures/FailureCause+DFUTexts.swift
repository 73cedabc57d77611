// Between the computer and a chip's bootloader on USB.
extension FailureCause {
  static let dfuTexts: [FailureCause: CauseText] = [
    .dfuMissing: CauseText(
      title: "no chip shows its bootloader on USB",
      remedies: [
        "Set BOOT0 high and BOOT1 (PB2) low, connect the board's own USB connector, and press reset",
        "Take a cable that carries data, and the connector that leads to the chip (PA11, PA12) and not to the ST-LINK",
        "Leave the other bootloader pins alone: a receiver that floats (PA10) is chosen before USB",
        "Take a serial port for an STM32F410 or an F2 of the first revisions: their ROM has no USB",
      ],
      check: "Look at the system's log: 0483:df11 must appear within half a second of the reset", isSaidBySummary: true),
    .dfuDenied: CauseText(
      title: "no udev rule gives you access to the DFU device",
      remedies: [
        """
        Copy \(.installAccessRule, or: "the udev rule for 0483:df11") to /etc/udev/rules.d, then run: \
        sudo udevadm control --reload-rules
        """,
        "Reset the chip into its bootloader again, so that the rules take effect",
      ], isSaidBySummary: true),
    .dfuClaimed: CauseText(
      title: "another program holds the DFU device",
      remedies: ["Close the other program: dfu-util, STM32CubeProgrammer, another run of this program"],
      isSaidBySummary: true),
    .notDFU: CauseText(
      title: "the device is another one than is meant, or a copy that does not keep to the standard",
      remedies: [
        "Look which devices there are\(with: .listProbes)",
        "Choose one by its serial or its place\(with: .chooseProbe)",
      ]),
    .dfuRuntime: CauseText(
      title: "the chip runs its program, which has a DFU interface of its own",
      remedies: ["Bring it into its bootloader: by a button, by BOOT0, or by its program's own command"],
      isSaidBySummary: true),
    .dfuRuntimeMissing: CauseText(
      title: "no program that runs has a DFU interface",
      remedies: [
        "Look which devices there are\(with: .listProbes)",
        "Bring the device into its bootloader by its button, by BOOT0, or by its program's own command",
      ], isSaidBySummary: true),
    .dfuStuck: CauseText(
      title: "another program has left the bootloader in the middle of something",
      remedies: ["Press reset with BOOT0 high, and repeat the command", "Plug the USB cable in again"],
      check: "Press reset with BOOT0 high: a bootloader that has just started takes every command"),
    .dfuUnplugged: CauseText(
      title: "the cable was unplugged, or the chip was reset",
      remedies: ["Plug it in, set the chip into its bootloader again (BOOT0 high, reset), and repeat the command"]),
    .crystalMistaken: CauseText(
      title: "the ROM takes the board's crystal for one of another frequency, or it does not oscillate well",
      remedies: [
        "Try again, several times: what the ROM measures differs from reset to reset, above all with 25 MHz",
        "Take another interface of the bootloader, a serial port, or a probe",
        "Use a crystal of 8 MHz with load capacitors that fit it",
      ],
      check: "Look at the system's log: a device that comes and goes, or that answers no descriptor, has a wrong clock"),
  ]
}
