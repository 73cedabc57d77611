/// DBGMCU: identity and what stops with the core (RM0090, 38.16).
///
/// It keeps its registers through every reset but power-on, and takes 32-bit accesses only.
final class DebugUnit: Peripheral {
  let name = "DBGMCU"
  let registers: RegisterFile

  /// What IDCODE reads; revisions and foreign parts read otherwise.
  var idCode: UInt32

  private static let cr: UInt32 = 0x04
  private static let apb1Freeze: UInt32 = 0x08
  private static let apb2Freeze: UInt32 = 0x0C

  /// What each bit of the freeze registers keeps still.
  private let frozen: [(isSecondRegister: Bool, bit: UInt32, base: UInt32)]

  init(die: Die) {
    idCode = die.idCode
    frozen = die.family.peripherals.frozen
    registers = RegisterFile([
      RegisterDescription("IDCODE", at: 0x00, reset: die.idCode, [RegisterField("IDCODE", 0...31, .readOnly)]),
      RegisterDescription("CR", at: Self.cr, writable: 0x0000_00E7),
      RegisterDescription("APB1_FZ", at: Self.apb1Freeze, writable: 0x07E0_1DFF),
      RegisterDescription("APB2_FZ", at: Self.apb2Freeze, writable: 0x0007_0003),
    ])
  }

  /// DBG_SLEEP: whether the processor's clock runs on in Sleep.
  var keepsClockInSleep: Bool { registers[Self.cr] & 1 << 0 != 0 }
  /// DBG_STOP: whether the debug clock runs on in Stop.
  var keepsClockInStop: Bool { registers[Self.cr] & 1 << 1 != 0 }
  /// DBG_STANDBY: whether the debug clock runs on in Standby.
  var keepsClockInStandby: Bool { registers[Self.cr] & 1 << 2 != 0 }
  /// TRACE_IOEN with TRACE_MODE 00: the trace port has its one pin.
  var hasTracePin: Bool { registers[Self.cr] & 0b111 << 5 == 1 << 5 }
  /// A freeze register has been written.
  let freezeChanged = Signal<Void>()

  /// The base addresses of the peripherals that stand still while the core is halted.
  var frozenBases: Set<UInt32> {
    Set(
      frozen.filter { registers[$0.isSecondRegister ? Self.apb2Freeze : Self.apb1Freeze] & 1 << $0.bit != 0 }
        .map(\.base))
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.apb1Freeze || offset == Self.apb2Freeze { freezeChanged.send() }
  }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    if offset == 0 { registers[0] = idCode }
  }

  func takes(_ width: BusWidth, at offset: UInt32) -> Bool { width == .word }
}
