/// The chip as a whole: what it says of itself, and how fast it is.
extension FaultKind {
  static let chip: [FaultKind] = [
    FaultKind(
      "revision-a", .chip,
      broken: "The chip is an F405 or F407 of revision A, which calls itself an F2.",
      visible: "DBGMCU_IDCODE is 20006411 while CPUID says Cortex-M4.",
      origin: "ST ES0182; stlink and OpenOCD look at CPUID for it",
      like: .oddIdentity,
      unless: { parts, _ in parts.chip.die.earlyIDCode != nil ? nil : "only F405 to F417 have a revision A" },
      effect: .contents { chip, _ in chip.debugUnit.idCode = chip.model.die.earlyIDCode ?? chip.debugUnit.idCode }),
    FaultKind(
      "foreign-id", .chip, FaultParameter("DEV_ID", "", 0...0xFFF, usual: 0x450, isAddress: true),
      broken: "The chip is none of the F2 and F4 family, or a copy with an id of its own.",
      visible: "DBGMCU_IDCODE has another DEV_ID (0x450 is an STM32H743).",
      origin: "stlink issues with unknown chip ids; ST's list of DEV_IDs",
      like: .foreignChip,
      effect: .contents { $0.debugUnit.idCode = $0.debugUnit.idCode & ~0xFFF | UInt32($1) }),
    FaultKind(
      "clone=gd32", .chip,
      broken: "The chip is a copy that carries Arm's identification in its ROM table instead of ST's.",
      visible: "The ROM table's designer is Arm (0x43B) with part 0x4C4 or 0x4C3; DEV_ID is that of the original.",
      origin: "Black Magic discussions of GD32 and CH32",
      like: .oddIdentity,
      effect: .contents { chip, _ in
        let part: UInt64 = chip.core.profile.processor == .cortexM3 ? 0x4C3 : 0x4C4
        chip.core.romTable = ComponentIdentification(peripheral: 0x04_000B_B000 | part, component: 0xB105_100D)
      }),
    FaultKind(
      "clone=apm32", .chip,
      broken: "The chip is Geehy's copy.",
      visible: "The ROM table's designer is Geehy (bank 11, code 0x23); DEV_ID is that of the original.",
      origin: "Black Magic discussions of APM32F4",
      like: .oddIdentity,
      effect: .contents { chip, _ in
        chip.core.romTable = ComponentIdentification(peripheral: 0x0A_000A_3413, component: 0xB105_100D)
      }),
    FaultKind(
      "size-word", .chip, FaultParameter("what the size register says", "KiB", 0...65535, usual: 65535),
      broken: "The flash size register is wrong: early silicon, a sample, a counterfeit.",
      visible: "0x1FFF7A22 reads 0xFFFF, 0, or a size that the part does not have.",
      origin: "a fake F407VE in a forum; st-flash on an F429 Nucleo (65,535 KiB)",
      like: .oddIdentity, effect: .contents { $0.bus.flashSizeWord = UInt16(truncatingIfNeeded: $1) }),
    FaultKind(
      "times-maximum", .chip,
      broken: "Erasing and programming take the longest that the data sheet allows.",
      visible: "BSY stays set about twice as long for an erase, and 100 µs for each programming pulse.",
      origin: "DS8626, table 40",
      like: .unnoticed, effect: .parts { parts, _ in parts.isSlowPart = true }),
    FaultKind(
      "flash-blocked", .chip,
      broken: "Something has written a wrong key to FLASH_KEYR, which shuts FLASH_CR until the next reset.",
      visible: "LOCK stays set whatever keys are written, and each further key is a bus error.",
      origin: "RM0090, 3.6.1",
      like: .blockedController, usually: .command(1),
      effect: .event { simulation, _ in
        let flash = simulation.board.chip.flash
        _ = flash.writeRegister(at: FlashRegister.key, 0, .word, now: simulation.clock.nanoseconds)
      }),
  ]
}
