// Between the computer and the probe.
extension FailureCause {
  static let probeTexts: [FailureCause: CauseText] = [
    .probeMissing: CauseText(
      title: "no ST-LINK is plugged in, or its cable only carries power",
      remedies: ["Plug the ST-LINK in, with a cable that carries data"], isSaidBySummary: true),
    .probeDenied: CauseText(
      title: "no udev rule gives you access to the probe",
      remedies: [
        """
        Copy \(.installAccessRule, or: "the udev rule for ST-LINKs") to /etc/udev/rules.d, then run: \
        sudo udevadm control --reload-rules
        """,
        "Unplug the probe and plug it in again, so that the rules take effect",
      ], isSaidBySummary: true),
    .probeClaimed: CauseText(
      title: "another program holds the probe",
      remedies: [
        "Close the other program: an IDE, a GDB server, STM32CubeProgrammer, another run of this program",
        "Choose another probe\(with: .chooseProbe)",
      ], isSaidBySummary: true),
    .probeUnplugged: CauseText(
      title: "the probe was unplugged or lost its supply",
      remedies: [
        "Plug the probe in again and repeat the command",
        "Check the cable, and whether the board draws more current than the port gives",
      ]),
    .probeWedged: CauseText(
      title: "a program that was killed has left the probe in the middle of a command",
      remedies: [.replug],
      check: "Replug the probe: one that was only wedged answers then"),
    .probeWrongMode: CauseText(
      title: "the probe is in a mode in which it cannot debug, such as that of a firmware update",
      remedies: [
        .replug,
        "If it comes back in the same mode, finish the update with ST's STLinkUpgrade",
      ], isSaidBySummary: true),
    .firmwareTooOld: CauseText(
      title: "the probe's firmware is too old",
      remedies: [.updateFirmware, "Use another ST-LINK"], isSaidBySummary: true),
    .cloneProbe: CauseText(
      title: "the probe is a clone whose firmware answers wrongly",
      remedies: ["Use a genuine ST-LINK; every Nucleo board carries one", "Clones cannot be updated"],
      check: "Try another ST-LINK on the same target"),
    .badUSB: CauseText(
      title: "the USB cable, hub or port loses data",
      remedies: ["Try another cable, and a port of the computer itself without a hub"],
      check: "Try another cable and a port without a hub"),
  ]
}
