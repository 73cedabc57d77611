// Protection, and the chip itself.
extension FailureCause {
  static let chipTexts: [FailureCause: CauseText] = [
    .readProtected: CauseText(
      title: "the chip is read-protected (RDP level 1)",
      remedies: ["Take the protection off\(with: .liftAllProtection), which erases the whole flash"],
      isSaidBySummary: true),
    .readProtectedForEver: CauseText(
      title: "the chip is read-protected at level 2, which switches debugging off for ever",
      remedies: ["Use another chip"],
      check: "Look into the chip's history: nothing can be read from a chip at level 2", isSaidBySummary: true),
    .optionsErased: CauseText(
      title: "a power cut while the option bytes were programmed has left them erased",
      remedies: [
        """
        Bring the chip back with \(.liftAllProtection, or: "all protection taken off"); its firmware is lost, which \
        nothing changes
        """,
        "Write the firmware again, and set what else the option bytes held (BOR_LEV, WDG_SW, BFB2, DB1M)",
      ],
      check: "Look at FLASH_OPTCR: RDP 0xFF and all other bits 1 are an erased option sector"),
    .writeProtected: CauseText(
      title: "sectors are write-protected (nWRP)",
      remedies: ["Take the protection off\(with: .liftWriteProtection)"], isSaidBySummary: true),
    .codeProtected: CauseText(
      title: "sectors are readable by their own code only (PCROP)",
      remedies: [.liftCodeProtection], isSaidBySummary: true),
    .nothingThere: CauseText(
      title: "there is neither memory nor a register at that address, or its clock is off",
      remedies: [
        "Give an address of the flash, of the RAM, or of a register that this chip has",
        "For a peripheral: its clock has to be on (RCC)",
      ],
      check: "Look the address up in the memory map of the chip's data sheet"),
    .otherChip: CauseText(
      title: "the chip is no STM32F2 or STM32F4",
      remedies: ["Use a program that knows its family"],
      isSaidBySummary: true),
    .cloneChip: CauseText(
      title: "the chip is a clone",
      remedies: [
        "Name the chip that it stands in for, and its real size\(.nameChip, after: ": ")",
        "Compare the marking on the package with a genuine one",
      ],
      check: "Read the marking on the package: GD32, APM32, AT32, CKS32 and CH32 are other chips"),
    .cellDefect: CauseText(
      title: "flash cells are defective",
      remedies: ["Erase and write once more; if the same addresses fail again, replace the chip"],
      check: "Repeat the command: a defective cell fails at the same address each time"),
    .sectorWorn: CauseText(
      title: "the flash is worn out: it does not erase as it should, or takes too long",
      remedies: ["Erase and write once more; if the same sector fails again, replace the chip"],
      check: "Repeat the command: a worn sector fails each time, or takes longer each time"),
  ]
}
