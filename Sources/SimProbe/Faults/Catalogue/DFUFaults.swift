/// Between a host and the chip's ROM bootloader on the board's own USB; a probe meets none of them.
extension FaultKind {
  static let dfu: [FaultKind] = [
    FaultKind(
      "dfu-crystal", .dfu,
      broken:
        "The ROM takes the crystal for one of another frequency, as happens with 25 MHz, and makes no 48 MHz of it.",
      visible: "Nothing appears on USB.",
      origin: "WeActStudio.MiniSTM32F4x1 issue 13, qmk_firmware issue 17890 (F401, F411); users warm the chip",
      like: .absentDevice, effect: .event { simulation, _ in simulation.dfu.quirks.mistakesCrystal = true },
      ending: { $0.dfu.quirks.mistakesCrystal = false }),
    FaultKind(
      "dfu-crystal-fails", .dfu,
      broken: "The crystal's load capacitors are wrong: it stops, and the clock security system resets the chip.",
      visible: "The device appears and vanishes.",
      origin: "Adafruit Feather F405 issue 5; AN2606 (loss of HSE resets)",
      like: .lostDevice, usually: .transfer(60),
      effect: .event { simulation, _ in simulation.board.chip.bootloader.resetSystem() }),
    FaultKind(
      "dfu-unplugged", .dfu,
      broken: "The cable of the board's own USB is pulled, usually in the middle of the work.",
      visible: "The device is gone.",
      origin: "AxxSolder issue 69 (a device that is lost seconds after it was connected)",
      like: .lostDevice, usually: .transfer(60), effect: .event { simulation, _ in simulation.usbSocket.pullHostOut() },
      ending: { $0.usbSocket.plugHostIn() }),
    FaultKind(
      "dfu-denied", .dfu,
      broken: "The user may not open the device: no udev rule gives the right to.",
      visible: "The operating system refuses the device.",
      origin: "the first question of every Linux user of dfu-util (\"Cannot open DFU device\")",
      like: .denied, effect: .event { simulation, _ in simulation.usbSocket.isDenied = true },
      ending: { $0.usbSocket.isDenied = false }),
    FaultKind(
      "dfu-claimed", .dfu,
      broken: "Another program on this computer has claimed the device.",
      visible: "The operating system refuses the interface.",
      origin: "configurators in a browser, STM32CubeProgrammer in another window",
      like: .claimed, effect: .event { simulation, _ in simulation.usbSocket.isClaimedElsewhere = true },
      ending: { $0.usbSocket.isClaimedElsewhere = false }),
    FaultKind(
      "dfu-stuck", .dfu,
      broken: "The bootloader stays in its error state, whatever it is asked for.",
      visible: "dfuERROR again after every DFU_CLRSTATUS.",
      origin: "reports of dfu-util that ends with status errUNKNOWN until the board is reset",
      like: .stuckDevice, effect: .event { simulation, _ in simulation.dfu.quirks.staysInError = true },
      ending: { $0.dfu.quirks.staysInError = false }),
    FaultKind(
      "dfu-hangs", .dfu,
      broken: "The bootloader hangs: it takes no request any more.",
      visible: "Every transfer times out.",
      origin: "qmk_firmware issue 17576 (some F411 lots); dfu-util ticket 141",
      like: .stuckDevice, usually: .transfer(60),
      effect: .event { simulation, _ in simulation.dfu.quirks.hangs = true },
      ending: { $0.dfu.quirks.hangs = false }),
    FaultKind(
      "dfu-stalls-early", .dfu,
      broken: "The bootloader refuses to tell its status while it works.",
      visible: "STALL to a DFU_GETSTATUS that comes before the work has ended.",
      origin: "STM32L4 ROMs, for which dfu-util repeats; LIBUSB_ERROR_PIPE in qmk_firmware issue 17890",
      like: .unnoticed, effect: .event { simulation, _ in simulation.dfu.quirks.stallsWhileBusy = true },
      ending: { $0.dfu.quirks.stallsWhileBusy = false }),
    FaultKind(
      "dfu-poll-time", .dfu,
      FaultParameter("what the device asks the host to wait each time", "ms", 0...5000, usual: 0),
      broken: "The bootloader tells poll times that have nothing to do with what it does.",
      visible: "0 ms for an erase of a second, or 104 ms for every block.",
      origin: "F405 mass erase (100 ms for up to 32 s); GD32 copies (104 ms)",
      like: .unnoticed, effect: .event { $0.dfu.quirks.pollTime = UInt64($1) },
      ending: { $0.dfu.quirks.pollTime = nil }),
    FaultKind(
      "dfu-clone", .dfu,
      broken: "The device is no genuine one: it has pages of 2 KiB, and names no chip.",
      visible: "The memory's name tells of other sectors than any F2 or F4 has.",
      origin: "GD32F4 and other copies with 0483:df11; dfu-util's list of quirks",
      like: .oddDevice,
      effect: .event { simulation, _ in
        simulation.dfu.quirks.hidesIdentity = true
        simulation.dfu.quirks.flashName = "@Internal Flash  /0x08000000/512*002Kg"
      }),
  ]
}

extension Simulation {
  /// The bootloader on USB.
  fileprivate var dfu: DFUFunction { board.chip.bootloader.dfu }
}
