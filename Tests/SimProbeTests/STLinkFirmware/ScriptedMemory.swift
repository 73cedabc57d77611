/// The scripted target's memory: 128 KiB of RAM, 1 MiB of flash that takes any byte, and a few words elsewhere.
struct ScriptedMemory {
  private var ram = [UInt8](repeating: 0, count: 128 * 1024)
  private var flash = [UInt8](repeating: 0xFF, count: 1024 * 1024)
  /// Identification and peripheral words that the hosts' sequences touch.
  private var words: [UInt32: UInt32] = [
    0xE000_ED00: 0x410F_C241, 0xE004_2000: 0x1007_6413, 0xE004_2004: 0, 0xE004_2008: 0, 0x1FFF_7A20: 0x0400_FFFF,
    0xE000_EF40: 0x1011_0021, 0xE000_EF44: 0x1100_0011, 0x4002_3830: 0, 0x4000_3000: 0, 0x4002_3C0C: 0,
    0x4002_3C10: 0x8000_0000,
  ]

  private func place(_ address: UInt32) -> (inRAM: Bool, offset: Int)? {
    if address >= ScriptedTarget.ram, address - ScriptedTarget.ram < UInt32(ram.count) {
      return (true, Int(address - ScriptedTarget.ram))
    }
    if address >= ScriptedTarget.flash, address - ScriptedTarget.flash < UInt32(flash.count) {
      return (false, Int(address - ScriptedTarget.flash))
    }
    return nil
  }

  func byte(at address: UInt32) -> UInt8? {
    guard let place = place(address) else {
      return words[address & ~3].map { UInt8(truncatingIfNeeded: $0 >> (8 * (address & 3))) }
    }
    return place.inRAM ? ram[place.offset] : flash[place.offset]
  }

  func word(at address: UInt32) -> UInt32? {
    guard let place = place(address) else { return words[address] }
    let bytes = place.inRAM ? ram : flash
    return (0..<4).reduce(0) { $0 | UInt32(bytes[place.offset + $1]) << (8 * UInt32($1)) }
  }

  @discardableResult
  mutating func setByte(_ byte: UInt8, at address: UInt32) -> Bool {
    guard let place = place(address) else {
      guard let word = words[address & ~3] else { return false }
      let shift = 8 * (address & 3)
      words[address & ~3] = word & ~(0xFF << shift) | UInt32(byte) << shift
      return true
    }
    if place.inRAM { ram[place.offset] = byte } else { flash[place.offset] = byte }
    return true
  }
}
