/// SYSCFG: what address 0 shows, and registers that only keep their bits (RM0090, 9.2).
final class SystemConfiguration: Peripheral {
  let name = "SYSCFG"
  let registers: RegisterFile
  /// MEMRMP, when software has written it.
  let remapChanged = Signal<UInt32>()
  /// An EXTICR register has been written.
  let externalLinesChanged = Signal<Void>()

  private static let memrmp: UInt32 = 0x00
  private static let cmpcr: UInt32 = 0x20
  /// MEMRMP.FB_MODE.
  static let bankMode: UInt32 = 1 << 8

  /// MEMRMP.SWP_FMC.
  static let externalSwap: UInt32 = 0b11 << 10

  init(die: Die) {
    let modes = die.hasSecondBankRegisters ? 0xD07 : 0x003 as UInt32
    registers = RegisterFile([
      RegisterDescription("MEMRMP", at: Self.memrmp, writable: modes),
      RegisterDescription("PMC", at: 0x04, writable: 0x0087_0000),
      RegisterDescription("EXTICR1", at: 0x08, writable: 0xFFFF),
      RegisterDescription("EXTICR2", at: 0x0C, writable: 0xFFFF),
      RegisterDescription("EXTICR3", at: 0x10, writable: 0xFFFF),
      RegisterDescription("EXTICR4", at: 0x14, writable: 0xFFFF),
      RegisterDescription(
        "CMPCR", at: Self.cmpcr, [RegisterField("CMP_PD", 0), RegisterField("READY", 8, .readOnly)]),
    ])
  }

  /// Puts what the boot pins chose into MEMRMP.
  func boot(from source: BootSource) {
    registers[Self.memrmp] = source.rawValue
  }

  /// The port, from A on, that EXTICR connects to an external interrupt line from 0 to 15.
  func port(ofExternalLine line: UInt32) -> UInt32 {
    registers[0x08 + line & ~0b11] >> (line % 4 * 4) & 0xF
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case 0x08...0x14: externalLinesChanged.send()
    case Self.memrmp: remapChanged.send(registers[Self.memrmp])
    case Self.cmpcr: registers[Self.cmpcr] = registers[Self.cmpcr] & 1 | (registers[Self.cmpcr] & 1) << 8
    default: break
    }
  }
}
