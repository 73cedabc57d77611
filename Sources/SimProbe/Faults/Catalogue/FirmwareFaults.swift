/// What the chip executes.
extension FaultKind {
  static let firmware: [FaultKind] = [
    FaultKind(
      "firmware=sleep", .firmware,
      broken: "The firmware sleeps (WFI) at once, and nothing wakes it.",
      visible: "ENTER answers 80 and accesses to memory 10 or 14, until the core is caught under reset.",
      origin: "probe-rs issues 1340 and 2850 (F401)",
      like: .asleep, effect: .contents { chip, _ in chip.load(.sleep) }),
    FaultKind(
      "firmware=idle", .firmware, FaultParameter("tick", "µs", 300...20_000, usual: 1000),
      second: FaultParameter("time awake", "‰", 1...990, usual: 5),
      broken: "The firmware idles in WFI and is awake for a small part of each tick, as under an operating system.",
      visible: "ENTER answers 80 and most accesses to memory 10 or 14; those that meet the core awake go through.",
      origin: "zephyr issue 115489 (F429), probe-run issue 85 (F411), embassy issue 3780",
      like: .dozing, effect: .firmware { chip, period, awake in chip.loadIdle(period: period, awake: awake) }),
    FaultKind(
      "firmware=stop", .firmware,
      broken: "The firmware enters Stop mode at once.",
      visible: "ENTER answers 80 and accesses to memory 10 or 14, until the core is caught under reset.",
      origin: "stlink issues 304 and 1122; Black Magic issue 836",
      like: .asleep, effect: .contents { chip, _ in chip.load(.stop) }),
    FaultKind(
      "firmware=standby", .firmware,
      broken: "The firmware enters Standby mode at once.",
      visible: "ENTER answers 09; with NRST low, and until the firmware runs again, everything works.",
      origin: "ST community 242428; RM0090, 5.3.5",
      like: .closedByFirmware, effect: .contents { chip, _ in chip.load(.standby) }),
    FaultKind(
      "firmware=swd-reused", .firmware,
      broken: "The firmware turns PA13 and PA14 into ordinary pins with its first instructions.",
      visible: "ENTER answers 09; with NRST low, and until the firmware runs again, everything works.",
      origin: "ST community 763329; F411 reports of 2018 (\"Cannot connect to target\")",
      like: .closedByFirmware, effect: .contents { chip, _ in chip.load(.swdReused) }),
    FaultKind(
      "firmware=debug-off", .firmware,
      broken:
        "The firmware keeps clearing DBGMCU and runs the watchdog, which is all that it can do against a debugger "
        + "beside taking its pins.",
      visible: "A watchdog that was frozen before the core was halted runs all the same and resets the chip.",
      origin: "RM0090, 38.16; products with copy protection",
      like: .watchdog, effect: .contents { chip, _ in chip.load(.debugOff) }),
    FaultKind(
      "firmware=watchdog", .firmware,
      broken: "The firmware runs the independent watchdog with 64 ms.",
      visible: "A halted core is reset unless DBGMCU freezes the watchdog; code in RAM is reset in any case.",
      origin: "st-flash and ST's loaders reload it while they work; RM0090, 21.3",
      like: .watchdog, effect: .contents { chip, _ in chip.load(.watchdog) }),
    FaultKind(
      "firmware=lockup", .firmware,
      broken: "The firmware faults in its fault handler.",
      visible: "DHCSR.S_LOCKUP; a halt or a reset ends it.",
      origin: "ARMv7-M, B1.5.15; blank and half-written chips",
      like: .lockedUp, effect: .contents { chip, _ in chip.load(.lockup) }),
    FaultKind(
      "firmware=reset-loop", .firmware,
      broken: "The firmware resets the chip with its first instructions, over and over.",
      visible: "DHCSR.S_RESET_ST is set at every look, and a halt may be lost to the next reset.",
      origin: "bootloaders that find no application",
      like: .resetLoop, effect: .contents { chip, _ in chip.load(.resetLoop) }),
    FaultKind(
      "firmware=read-protects", .firmware,
      broken: "The firmware sets read protection level 1 on its first start.",
      visible: "As rdp1, from half a second after power-up on.",
      origin: "products that protect themselves; SparkFun forum 27059",
      like: .readProtected, effect: .contents { chip, _ in chip.load(.readProtects) }),
    FaultKind(
      "firmware=few-wait-states", .firmware,
      broken: "The firmware raises its clock to 84 MHz and leaves FLASH_ACR without wait states.",
      visible:
        "The core locks up at once; flash, OTP, option bytes and the size register read wrong (here: ones) until there are "
        + "enough wait states, or a reset.",
      origin: "RM0090, 3.5.1; start-up code for another crystal or another part",
      like: .lockedUp, effect: .contents { chip, _ in chip.load(.fewWaitStates) }),
    FaultKind(
      "firmware=dma", .firmware,
      broken: "The firmware lets DMA write into the first 32 KiB of the RAM over and over.",
      visible: "The RAM changes while the core is halted, a flash loader in it too, until a reset.",
      origin: "ADC and camera buffers in circular mode; RM0090, 10.3",
      like: .unnoticed, effect: .contents { chip, _ in chip.load(.dma) }),
  ]
}
