import Basics

/// The bus accesses that the commands make.
extension SystemBootloader {
  // MARK: Accesses

  /// Writes a word as the core would; an access that the bus refuses changes nothing.
  func write(_ value: UInt32, _ address: UInt32) {
    _ = chip.bus.write(address, value, .word, by: .coreData)
  }

  /// A byte as the core would read it, or of what the supply is; nil where the bus refuses.
  func byte(at address: UInt32) -> UInt8? {
    if address >= facts.supplyWord {
      return [supplyRange, 0xFF, 0xFF, 0xFF][Int(address & 0b11)]
    }
    guard case .done(let value, _) = chip.bus.read(address, .byte, by: .coreData) else { return nil }
    return UInt8(truncatingIfNeeded: value)
  }

  /// A word as the core would read it; 0 where the bus refuses.
  func word(at address: UInt32) -> UInt32 {
    guard case .done(let value, _) = chip.bus.read(address, .word, by: .coreData) else { return 0 }
    return value
  }

  var flashController: UInt32 { memory.flashController }

  /// CR with the width, unlocked.
  func unlockFlash() {
    let keys = chip.model.family.controlKeys
    write(keys.first, flashController + FlashRegister.key)
    write(keys.second, flashController + FlashRegister.key)
    write(.max, flashController + FlashRegister.status)
  }

  var widthBits: UInt32 { UInt32(Parallelism.allCases.firstIndex(of: parallelism) ?? 0) << 8 }

  func lockFlash() { write(FlashControl.lock, flashController + FlashRegister.control) }

  /// Goes on when the flash interface has nothing to do any more.
  func whenFlashIsIdle(_ next: @escaping (SystemBootloader) -> Void) {
    guard let end = chip.flash.busyUntil, end > chip.synchronised else { return next(self) }
    later(at: end) { $0.whenFlashIsIdle(next) }
  }

  // MARK: Reading and writing

  /// Sends what an address and those behind it hold; an access that the bus refuses ends in the ROM's HardFault, so that
  /// nothing is answered any more.
  func read(from address: UInt32, byteCount: Int) {
    let bytes = (0..<UInt32(byteCount)).compactMap { byte(at: address &+ $0) }
    guard bytes.count == byteCount else { return }
    answer([BootloaderCode.acknowledge] + bytes, then: .expect(.command))
  }

  func write(_ bytes: [UInt8], to address: UInt32) {
    switch address {
    case facts.supplyWord: setSupply(bytes) ? acknowledge() : refuse()
    case memory.optionBytes.lowerBound: writeOptions(bytes, ofSecondBank: false) { $0.acknowledgeAndReset() }
    case memory.optionBytes2.lowerBound: writeOptions(bytes, ofSecondBank: true) { $0.acknowledgeAndReset() }
    case memory.sramBase...: if writeRAM(bytes, to: address) { acknowledge() }
    default: program(bytes, at: address) { $0.acknowledge() }
    }
  }

  /// Writes RAM; false where the bus refuses it.
  func writeRAM(_ bytes: [UInt8], to address: UInt32) -> Bool {
    for (offset, byte) in bytes.enumerated() {
      guard case .done = chip.bus.write(address + UInt32(offset), UInt32(byte), .byte, by: .coreData) else {
        return false
      }
    }
    return true
  }

  /// What the supply is, in ranges; the other bytes have to be ones, or it is false (AN3156, "Device feature").
  func setSupply(_ bytes: [UInt8]) -> Bool {
    let widths: [Parallelism] = [.x8, .x16, .x16, .x32, .x64]
    guard bytes.count == 4, bytes[1...].allSatisfy({ $0 == 0xFF }), widths.indices.contains(Int(bytes[0])) else {
      return false
    }
    supplyRange = bytes[0]
    parallelism = widths[Int(bytes[0])]
    return true
  }

  /// Programs a block at the width that the supply allows; what a wide one lacks at its end is left as it is.
  func program(_ bytes: [UInt8], at address: UInt32, then next: @escaping (SystemBootloader) -> Void) {
    let width = parallelism.rawValue
    let missing = (Int(width) - bytes.count % Int(width)) % Int(width)
    programming = (address, bytes[...] + repeatElement(0xFF, count: missing))
    unlockFlash()
    write(FlashControl.pg | widthBits, flashController + FlashRegister.control)
    programOn(then: next)
  }

  /// Programs until the flash makes the next access wait.
  private func programOn(then next: @escaping (SystemBootloader) -> Void) {
    let access = min(parallelism.rawValue, 4)
    guard let width = BusWidth(rawValue: access) else { return }
    while let (address, bytes) = programming, !bytes.isEmpty {
      let value = bytes.prefix(Int(access)).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      switch chip.bus.write(address, value, width, by: .coreData) {
      case .done: programming = (address + access, bytes.dropFirst(Int(access)))
      case .stalled(let end): return later(at: max(end, chip.synchronised + 1)) { $0.programOn(then: next) }
      case .fault: return
      }
    }
    whenFlashIsIdle { bootloader in
      bootloader.programming = nil
      bootloader.lockFlash()
      next(bootloader)
    }
  }

  // MARK: Erasing

  /// Takes the list of Extended Erase, or what stands for whole banks.
  func erase(_ list: [UInt8]) {
    let map = chip.flash.map
    let next = { (bootloader: SystemBootloader) in bootloader.acknowledge() }
    switch list.sectorCode {
    case BootloaderCode.SpecialErase.everything: eraseEverything(then: next)
    case BootloaderCode.SpecialErase.bank1 where map.bankCount == 2: eraseBanks(FlashControl.mer, then: next)
    case BootloaderCode.SpecialErase.bank2 where map.bankCount == 2: eraseBanks(FlashControl.mer1, then: next)
    case BootloaderCode.SpecialErase.first...: refuse()
    default:
      let numbers = stride(from: 2, to: list.count - 1, by: 2).map { Int(list[$0]) << 8 | Int(list[$0 + 1]) }
      let sectors = numbers.compactMap { number in map.sectors.first { $0.number == number } }
      guard sectors.count == numbers.count else { return refuse() }
      erase(sectors, then: next)
    }
  }

  /// Erases sectors, one after the other.
  func erase(_ sectors: [FlashSector], then next: @escaping (SystemBootloader) -> Void) {
    sectorsToErase = sectors
    unlockFlash()
    eraseOn(then: next)
  }

  /// Erases the whole flash.
  func eraseEverything(then next: @escaping (SystemBootloader) -> Void) {
    eraseBanks(FlashControl.mer | (chip.flash.map.bankCount == 2 ? FlashControl.mer1 : 0), then: next)
  }

  private func eraseBanks(_ banks: UInt32, then next: @escaping (SystemBootloader) -> Void) {
    unlockFlash()
    write(banks | widthBits | FlashControl.strt, flashController + FlashRegister.control)
    whenFlashIsIdle { bootloader in
      bootloader.lockFlash()
      next(bootloader)
    }
  }

  private func eraseOn(then next: @escaping (SystemBootloader) -> Void) {
    guard !sectorsToErase.isEmpty else {
      lockFlash()
      return next(self)
    }
    let sector = sectorsToErase.removeFirst()
    write(
      FlashControl.ser | sector.selector << 3 | widthBits | FlashControl.strt,
      flashController + FlashRegister.control)
    whenFlashIsIdle { $0.eraseOn(then: next) }
  }

  // MARK: Leaving

  /// Starts the program whose table is at an address: stack pointer, then the address of its first instruction.
  func jump(to address: UInt32) {
    let (stack, entry) = (word(at: address), word(at: address + 4))
    if facts.deviations.contains(.goStopsClocks) {
      write(0, chip.model.family.peripherals.resetAndClockControl.base + PeripheralBus.ahb1.enableRegister)
    }
    chip.core.begin(at: entry, stackPointer: stack)
  }

  /// AIRCR.SYSRESETREQ with its key (ARMv7-M, B3.2.6).
  func resetSystem() { write(0x05FA_0004, 0xE000_ED0C) }
}
