/// The commands that rewrite option bytes; each ends in a reset, which loads them (AN3155, 3.8 to 3.11).
extension SystemBootloader {
  /// RDP that it stores for level 1; any byte would do but those of levels 0 and 2.
  private static let level1: UInt16 = 0x00

  func rewriteOptions(for command: BootloaderCode.Command) {
    var options = chip.flash.storedOptions
    switch command {
    case .writeUnprotect:
      options.writeProtect |= chip.model.die.writeProtectField & 0x3FFF
      options.writeProtect2 |= 0x0FFF
    case .readoutProtect: options.user = options.user & 0x00FF | Self.level1 << 8
    case .readoutUnprotect: return liftReadProtection { $0.acknowledgeAndReset() }
    default: return expect(.command)
    }
    store(options) { $0.acknowledgeAndReset() }
  }

  /// Takes read protection off, which erases the flash; all RAM is cleared too.
  func liftReadProtection(then next: @escaping (SystemBootloader) -> Void) {
    var options = chip.flash.storedOptions
    options.user = options.user & 0x00FF | UInt16(OptionBytes.level0) << 8
    store(options) { bootloader in
      bootloader.chip.bus.clearMemory()
      next(bootloader)
    }
  }

  func acknowledgeAndReset() { acknowledge(then: .systemReset) }

  /// Write-protects these sectors and no others.
  func protect(sectors numbers: [Int]) {
    var options = chip.flash.storedOptions
    let map = chip.flash.map
    options.writeProtect |= chip.model.die.writeProtectField & 0x3FFF
    options.writeProtect2 |= 0x0FFF
    for sector in map.sectors where numbers.contains(sector.number) {
      let position = sector.number - (sector.bank == 0 ? 0 : map.sectors.first { $0.bank == 1 }?.number ?? 0)
      if sector.bank == 0 {
        options.writeProtect &= ~(1 << UInt16(min(position, chip.model.die.writeProtectBits - 1)))
      } else {
        options.writeProtect2 &= ~(1 << UInt16(position))
      }
    }
    store(options) { $0.acknowledgeAndReset() }
  }

  /// Takes what Write Memory has for the option bytes: halfwords at 0 and 8; what is missing stays as it is.
  func writeOptions(
    _ bytes: [UInt8], ofSecondBank isSecond: Bool, then next: @escaping (SystemBootloader) -> Void
  ) {
    var options = chip.flash.storedOptions
    let halfword = { (offset: Int, old: UInt16) in
      bytes.count > offset + 1 ? UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 : old
    }
    if isSecond {
      options.writeProtect2 = halfword(8, options.writeProtect2)
    } else {
      options.user = halfword(0, options.user)
      options.writeProtect = halfword(8, options.writeProtect)
    }
    store(options, next)
  }

  /// Writes the option registers, starts their programming and waits for its end.
  private func store(_ options: OptionBytes, _ next: @escaping (SystemBootloader) -> Void) {
    let die = chip.model.die
    let keys = chip.model.family.optionKeys
    write(keys.first, flashController + FlashRegister.optionKey)
    write(keys.second, flashController + FlashRegister.optionKey)
    if die.hasSecondBankRegisters {
      write(options.optionControl1(), flashController + FlashRegister.optionControl1)
    }
    let control = options.optionControl(die)
    write(control, flashController + FlashRegister.optionControl)
    write(control | OptionControl.start, flashController + FlashRegister.optionControl)
    whenFlashIsIdle(next)
  }
}
