/// Between the probe and the host.
extension FaultKind {
  /// After connecting, when the chip is being looked at.
  private static let midway = FaultMoment.command(24)

  static let usb: [FaultKind] = [
    FaultKind(
      "probe-claimed", .probe,
      broken: "Another program on this computer has claimed the probe.",
      visible: "The operating system refuses the interface.",
      origin: "F411 reports (\"ST-LINK already used\"): an IDE or a GDB server is open",
      like: .claimed, effect: .event { simulation, _ in simulation.device.isClaimedElsewhere = true },
      ending: { $0.device.isClaimedElsewhere = false }),
    FaultKind(
      "probe-denied", .probe,
      broken: "The user may not open the probe: no udev rule gives the right to.",
      visible: "The operating system refuses the device.",
      origin: "the first question of every Linux user; stlink's and OpenOCD's installation notes",
      like: .denied, effect: .event { simulation, _ in simulation.device.isDenied = true },
      ending: { $0.device.isDenied = false }),
    FaultKind(
      "reply-lost", .probe, FaultParameter("how many replies", "", 1...1_000_000, usual: 1),
      broken: "Replies get lost between the probe and the host.",
      visible: "A transfer times out.",
      origin: "data toggles after a killed client (pystlink, OpenOCD, probe-rs); bad hubs",
      like: .lossyUSB, usually: midway,
      effect: .event { simulation, count in simulation.device.disturb { $0.lost = count } }),
    FaultKind(
      "reply-truncated", .probe, FaultParameter("how many replies", "", 1...1_000_000, usual: 1),
      broken: "Replies end after half of their bytes.",
      visible: "A short packet where more was announced.",
      origin: "F411 reports (\"USB communication error\"), cured by another port",
      like: .lossyUSB, usually: midway,
      effect: .event { simulation, count in simulation.device.disturb { $0.truncated = count } }),
    FaultKind(
      "reply-late", .probe, FaultParameter("how late", "ms", 1...60_000, usual: 4000),
      broken: "A reply is held up between the probe and the host, and those behind it with it.",
      visible: "A transfer times out, and its reply comes when another is waited for.",
      origin: "hubs and virtual machines that stop for seconds; what pyOCD's flush at open is for",
      like: .lossyUSB, usually: midway,
      effect: .event { simulation, milliseconds in
        simulation.device.disturb { $0.lateness = UInt64(milliseconds) * 1_000_000 }
      }),
    FaultKind(
      "usb-stall", .probe,
      broken: "The probe stalls its reply endpoint.",
      visible: "STALL, until the host clears the endpoint's halt.",
      origin: "clones and old firmware on commands that they do not know",
      like: .lossyUSB, usually: midway,
      effect: .event { simulation, _ in simulation.device.halt(simulation.device.descriptors.replyInput) }),
    FaultKind(
      "unplugged", .probe,
      broken: "The probe is unplugged, usually in the middle of the work.",
      visible: "The device is gone.",
      origin: "a cable that was pulled; a port that cannot feed the board",
      like: .unplugged, usually: midway, effect: .event { simulation, _ in simulation.device.unplug() },
      ending: { $0.device.plugIn() }),
    FaultKind(
      "usb-slow", .probe, FaultParameter("delay of each transfer", "µs", 1...1_000_000, usual: 2000),
      broken: "The host is slow with USB: a virtual machine, an old controller.",
      visible: "Each transfer takes milliseconds.",
      origin: "Windows 7 (1 to 2 ms) and VirtualBox (2 ms) recordings",
      like: .unnoticed, effect: .event { $0.device.hostDelay = UInt64($1) * 1000 },
      ending: { $0.device.hostDelay = 0 }),
  ]
}

extension SimulatedUSBDevice {
  /// Lets something go wrong with the replies from now on.
  fileprivate func disturb(_ change: (inout ReplyDisturbance) -> Void) {
    var changed = disturbance ?? ReplyDisturbance()
    change(&changed)
    disturbance = changed
  }
}
