/// DBGMCU at 0xE004_2000: identity and what stops with the core (RM0090, 38.16).
///
/// It keeps its registers through every reset but power-on, and takes 32-bit accesses only.
final class DebugUnit: Peripheral {
  let name = "DBGMCU"
  var registers: RegisterFile

  private static let cr: UInt32 = 0x04
  private static let apb1Freeze: UInt32 = 0x08

  init(die: Die) {
    registers = RegisterFile([
      RegisterDescription("IDCODE", at: 0x00, reset: die.idCode, [RegisterField("IDCODE", 0...31, .readOnly)]),
      RegisterDescription("CR", at: Self.cr, writable: 0x0000_00E7),
      RegisterDescription("APB1_FZ", at: Self.apb1Freeze, writable: 0x07E0_1DFF),
      RegisterDescription("APB2_FZ", at: 0x0C, writable: 0x0007_0003),
    ])
  }

  /// DBG_STOP: whether the debug clock runs on in Stop.
  var keepsClockInStop: Bool { registers[Self.cr] & 1 << 1 != 0 }
  /// DBG_STANDBY: whether the debug clock runs on in Standby.
  var keepsClockInStandby: Bool { registers[Self.cr] & 1 << 2 != 0 }
  /// DBG_WWDG_STOP: whether the window watchdog stands still while the core is halted.
  var freezesWindowWatchdog: Bool { registers[Self.apb1Freeze] & 1 << 11 != 0 }
  /// DBG_IWDG_STOP: whether the independent watchdog stands still while the core is halted.
  var freezesIndependentWatchdog: Bool { registers[Self.apb1Freeze] & 1 << 12 != 0 }

  func takes(_ width: BusWidth, at offset: UInt32) -> Bool { width == .word }
}
