// The program in the chip.
extension FailureCause {
  static let programTexts: [FailureCause: CauseText] = [
    .pinsReused: CauseText(
      title: "the program in the chip uses PA13 or PA14, the SWD pins, for something else",
      remedies: [
        "Hold BOOT0 high, cycle the power, and erase the flash: the ROM bootloader leaves SWD alone",
        "Wire NRST to the probe and connect under reset\(by: .connectUnderReset)",
      ],
      check: "Hold BOOT0 high and cycle the power: if the chip answers then, its own program was in the way"),
    .sleeps: CauseText(
      title: "the program in the chip sleeps (Stop or Standby) with the debug clocks off",
      remedies: [
        "Hold BOOT0 high and cycle the power, or wake the program while connecting",
        "Wire NRST to the probe and connect under reset\(by: .connectUnderReset)",
      ],
      check: "Hold BOOT0 high and cycle the power: the ROM bootloader does not sleep"),
    .watchdogResets: CauseText(
      title: "a watchdog resets the chip",
      remedies: [
        "Connect under reset, so that the program cannot start its watchdog",
        "Where the option bytes start it (WDG_SW = 0), write in the direct way: the core stays halted and the watchdog with it",
      ],
      check: "Look at the reset flags in RCC_CSR: IWDGRSTF and WWDGRSTF name the watchdog"),
    .lowPowerResets: CauseText(
      title: "the option bytes turn entering Stop or Standby into a reset",
      remedies: [
        "Set nRST_STOP and nRST_STDBY to 1 if the program is to enter these modes",
        "Or build a program that does not enter them",
      ],
      check: "Look at the reset flags in RCC_CSR: LPWRRSTF names this reset", isSaidBySummary: true),
    .resetLoop: CauseText(
      title: "the program in the chip resets it again and again",
      remedies: [
        "Connect under reset\(by: .connectUnderReset) and write a program that works",
        "Look at the reset flags that \(.diagnose, or: "a diagnosis") shows: they name what resets",
      ],
      check: "Connect under reset: a chip that is then quiet is reset by its own program"),
    .lockedUp: CauseText(
      title: "the program in the chip has crashed (lockup)",
      remedies: ["Write a program that works: a locked-up core can be programmed like any other"],
      check: "Look at CFSR and HFSR: they name the fault"),
    .programFaults: CauseText(
      title: "the program in the chip has run into a fault of its own",
      remedies: [
        "Look at what the fault was and where: a wrong pointer, a clock that was not set up, memory that is not there",
        "Write a program that is known to work, to rule the board out",
      ],
      check: "Debug the program up to the address of the fault"),
    .wrongAddress: CauseText(
      title: "the program is linked for another address than the one at which it lies",
      remedies: [
        "Write the program to the address that it is linked for, behind the bootloader that starts it there",
        "Or link it for 0x08000000, where the chip starts",
      ],
      check: "Compare the reset handler in its vector table with the addresses that the file covers"),
    .fewWaitStates: CauseText(
      title: "the program reads its flash too early: fewer wait states than its clock needs",
      remedies: [
        "Set FLASH_ACR.LATENCY for the new clock before SYSCLK is switched to it, and lower it after the clock",
        "Check that the crystal is the one that the program was built for (HSE_VALUE)",
      ],
      check: "Compare FLASH_ACR with the table of wait states in the reference manual"),
    .noProgram: CauseText(
      title: "the flash holds no program where the chip starts",
      remedies: ["Write a program to 0x08000000, or the bootloader that starts the application"],
      isSaidBySummary: true),
    .startIsNoProgram: CauseText(
      title: "what stands at the start of the flash is no program that this chip could start",
      remedies: [
        "Write a program for this chip there: a stack pointer in its RAM, then the odd address of a reset handler in its flash",
        "Write data and applications to their own addresses, behind the program that the chip starts",
      ],
      check: "Compare the first two words of the flash with the chip's RAM and flash"),
    .breakpointLeft: CauseText(
      title: "a debugger has left a breakpoint in the chip",
      remedies: ["Take it out with \(.reset, or: "a debugger's reset"), or cycle the power"]),
    .powerCycleNeeded: CauseText(
      title: "read protection level 1 keeps the program stopped after a debugger's visit",
      remedies: ["Cycle the power of the chip, without a debugger connected: its program starts then"],
      isSaidBySummary: true),
    .writeInterrupted: CauseText(
      title: "an earlier write was interrupted: the flash holds half of a program",
      remedies: ["Write the firmware again"]),
    .otherContent: CauseText(
      title: "the flash holds another program than this file",
      remedies: [.writeFirst],
      isSaidBySummary: true),
    .controllerBlocked: CauseText(
      title: "a wrong key has blocked the flash controller until the next reset",
      remedies: ["Reset the chip, with \(.reset, or: "a debugger's reset") or its button, and repeat the command"],
      check: "Reset the chip: nothing else unblocks the controller", isSaidBySummary: true),
    .programDisturbs: CauseText(
      title: "something in the chip uses the flash controller at the same time",
      remedies: ["Connect under reset, so that no program runs", "Stop other debuggers"],
      check: "Repeat the command under reset"),
  ]
}
