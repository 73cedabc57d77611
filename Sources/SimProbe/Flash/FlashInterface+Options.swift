extension FlashInterface {
  /// OPTCR.OPTSTRT has been written: rewrites the option sector from the shadow registers (RM0090, 3.7.2).
  func startOptionProgramming(now: UInt64) {
    let asked = shadowedOptions
    let isRegression = storedOptions.readProtectionLevel == 1 && asked.readProtectionLevel == 0
    guard readProtectionLevel < 2, storedOptions.readProtectionLevel < 2,
      isRegression || !removesReadoutProtection(asked)
    else { return fail(.writeProtectionError) }
    let parallelism = control.parallelism
    var end = now
    if isRegression {
      let bankByteCount = map.byteCount / UInt32(map.bankCount)
      end += timing.erase(banksOf: Array(repeating: bankByteCount, count: map.bankCount), parallelism)
    }
    begin(
      FlashOperation(
        kind: .options(asked, massEraseEnd: isRegression ? end : nil), start: now,
        end: end + timing.programOptions(parallelism), busyBanks: 0b11, isReliable: supports(parallelism)))
  }

  /// Whether new option bytes would open a PCROP sector: only an RDP regression may (RM0090, 3.7.5).
  private func removesReadoutProtection(_ asked: OptionBytes) -> Bool {
    guard variant.die.hasReadoutProtectedSectors, storedOptions.protectsReadout else { return false }
    let field = variant.die.writeProtectField & 0x3FFF
    let opens = storedOptions.writeProtect & ~asked.writeProtect & field != 0
    let opens2 = variant.die.hasSecondBankRegisters && storedOptions.writeProtect2 & ~asked.writeProtect2 & 0x0FFF != 0
    return !asked.protectsReadout || opens || opens2
  }

  /// The new option bytes are in the flash: write protection acts at once, RDP, DB1M and BFB2 with the next reset.
  func store(_ options: OptionBytes) {
    if defects?.holdsOptions != true { storedOptions = options }
    work.optionChangeCount += 1
    applyProtection()
  }

  /// A byte of the option area at 0x1FFF_C000 or 0x1FFE_C000; bits that hold no option read 1.
  func optionByte(at offset: Int, secondBank: Bool) -> UInt8 {
    let fields: [Int: UInt16] =
      secondBank ? [8: storedOptions.writeProtect2] : [0: storedOptions.user, 8: storedOptions.writeProtect]
    guard let field = fields[offset & ~1] else { return 0xFF }
    return UInt8(truncatingIfNeeded: offset & 1 == 0 ? field : field >> 8)
  }
}
