/// The probe and its firmware.
extension FaultKind {
  static let probe: [FaultKind] = [
    FaultKind(
      "probe-old", .probe, FaultParameter("J level", "", 1...60, usual: 10),
      broken: "The probe's firmware is too old for some commands.",
      visible: "The version; commands that came later answer 08 or 42, or nothing.",
      origin: "F411 reports (\"Old ST-LINK firmware\"); clones stuck at V2J17",
      like: .oldProbe,
      effect: .parts { $0.profile.version.debugLevel = UInt8(clamping: $1) }),
    FaultKind(
      "probe-dfu", .probe,
      broken: "The probe has no firmware beyond its bootloader: an update was interrupted.",
      visible: "The mode is 00 (DFU) and stays so; debug commands get no reply.",
      origin: "ST community 652653; stlink-tool",
      like: .wrongMode,
      unless: { parts, _ in
        parts.profile.version.generation == 2 ? nil : "a V3's bootloader is a USB product of its own"
      },
      effect: .event { simulation, _ in
        simulation.device.firmware.hasApplication = false
        simulation.device.firmware.mode = .dfu
      }),
    FaultKind(
      "probe-mass-storage", .probe, FaultParameter("how long the copy takes", "ms", 1...100_000, usual: 8000),
      broken: "The probe is busy with a file that was dropped on its disk.",
      visible: "Nothing is taken on USB until the copy is over.",
      origin: "drag-and-drop programming; pyOCD's remarks on V2-1",
      like: .wrongMode,
      unless: { parts, _ in
        parts.profile.product.functions.contains(.massStorage) ? nil : "the probe has no mass storage"
      },
      effect: .event { $0.device.busyUntil = $0.clock.nanoseconds + UInt64($1) * 1_000_000 }),
    FaultKind(
      "probe-left=swim", .probe,
      broken: "Another program has left the probe in SWIM mode.",
      visible: "The mode is 03; it can be left.",
      origin: "OpenOCD and pyOCD leave every mode before they begin",
      like: .leftBehind, effect: .event { simulation, _ in simulation.device.firmware.mode = .swim }),
    FaultKind(
      "probe-left=reset-low", .probe,
      broken: "A program that was killed has left the probe in debug mode with NRST low.",
      visible: "The mode is 02, and the chip is in reset until somebody lets NRST go.",
      origin: "the probe keeps mode, clock and NRST when its USB device is closed",
      like: .leftBehind,
      effect: .event { simulation, _ in
        simulation.device.firmware.mode = .debug
        simulation.board.driveReset(low: true)
      }),
    FaultKind(
      "probe-wedged", .probe, FaultParameter("bytes that are missing", "", 1...6144, usual: 64),
      broken: "A program was killed between a write command and its data.",
      visible: "The probe takes the next commands as data and answers none of them.",
      origin: "F411 reports (\"ST-LINK already used\"), cured by plugging it in anew; probe-rs resets it",
      like: .leftBehind,
      effect: .event { simulation, byteCount in
        simulation.device.whenIdle { device in
          device.firmware.mode = .debug
          // WRITEMEM32 to the start of the RAM, without its data.
          let command: [UInt8] = [0xF2, 0x08, 0, 0, 0, 0x20, UInt8(byteCount & 0xFF), UInt8(byteCount >> 8)]
          device.firmware.receive(command, command.indices)
        }
      }),
    FaultKind(
      "probe-stale-reply", .probe,
      broken: "A program was killed before it had read a reply.",
      visible: "The first reply is that of another command.",
      origin: "pyOCD reads the endpoint empty before it begins",
      like: .leftBehind,
      effect: .event { simulation, _ in
        simulation.device.whenIdle { device in
          _ = device.bulkOut(device.descriptors.commandOutput, [0xF7] + Array(repeating: 0, count: 15))
        }
      }),
    FaultKind(
      "probe-latched", .probe,
      broken: "The probe's link to the chip has latched up: a program was killed in the middle of programming.",
      visible: "ENTER answers 80, READ_IDCODES 0, every access 16, until RESETSYS; plugging in anew helps, too.",
      origin: "OpenOCD logs of an F446 behind V2J30M19", like: .leftBehind,
      effect: .event { simulation, _ in simulation.device.firmware.isLinkLatched = true }),
    FaultKind(
      "probe-hung", .probe,
      broken: "The probe's firmware has stopped.",
      visible: "It is on the bus and takes no command, after a USB reset neither.",
      origin: "V3 firmware that hangs on some commands (probe-rs issue 291)",
      like: .deadProbe, effect: .event { simulation, _ in simulation.device.firmware.hang() }),
    FaultKind(
      "probe-clone", .probe, FaultParameter("J level of the firmware that it copies", "", 1...20, usual: 17),
      broken: "The probe is a clone that claims newer firmware than it has.",
      visible: "The version is right; commands that the copied firmware lacks answer 08.",
      origin: "clones stuck at V2J17; blue aluminium sticks",
      like: .cloneProbe, unless: { parts, _ in parts.profile.version.generation == 2 ? nil : "there are no V3 clones" },
      effect: .parts { parts, level in
        parts.profile.claimedVersion = parts.profile.version
        parts.profile.version.debugLevel = UInt8(clamping: level)
      }),
    FaultKind(
      "trace-refused", .probe,
      broken: "The probe cannot receive SWO.",
      visible: "START_TRACE_RX answers 20.",
      origin: "the status \"SWV not available\" of ST's own list",
      like: .unnoticed, effect: .event { simulation, _ in simulation.device.firmware.canTrace = false },
      ending: { $0.device.firmware.canTrace = true }),
    FaultKind(
      "voltage-constant", .probe, FaultParameter("what it always says", "mV", 1...5000, usual: 3250),
      broken: "The probe is a clone that measures no voltage and always says the same.",
      visible: "The same voltage whatever the target has, also without a target.",
      origin:
        "blue aluminium sticks without a divider at the reference pin (field reports of 3.2x V with nothing there)",
      like: .unnoticed, effect: .event { $0.board.strayReferenceMillivolts = $1 },
      ending: { $0.board.strayReferenceMillivolts = nil }),
    FaultKind(
      "serial-empty", .probe,
      broken: "The probe's serial number is empty.",
      visible: "A string descriptor without characters; such probes cannot be told apart, nor named by their serials.",
      origin: "clones whose maker has left it out",
      like: .badSerial, effect: .parts { parts, _ in parts.profile.serialEncoding = .empty }),
    FaultKind(
      "serial-duplicate", .probe,
      broken: "The probe has the same serial number as every other probe of its maker.",
      visible: "24 zeros; two such probes cannot be told apart by their serials.",
      origin: "clones with serials of zeros",
      like: .badSerial,
      effect: .parts { parts, _ in
        let zero: UInt8 = parts.profile.serialEncoding == .rawBytes ? 0x30 : 0
        parts.profile.serial = Array(repeating: zero, count: 12)
      }),
    FaultKind(
      "serial-garbled", .probe,
      broken: "The serial number is a few units that are no text.",
      visible: "A string descriptor of 12 bytes with unpaired surrogates.",
      origin: "stlink's list of serials of odd lengths; V2 firmware before J21S4",
      like: .badSerial, effect: .parts { parts, _ in parts.profile.serialEncoding = .garbled }),
  ]
}
