/// The CoreSight identification registers at the end of a component's 4 KiB block (ADIv5.2, D1.2).
///
/// Each register is a word that carries one byte.
struct ComponentIdentification: Equatable, Sendable {
  /// Peripheral ID: PID4, PID3, PID2, PID1, PID0 from the most significant byte down; PID5 to PID7 are zero.
  let peripheral: UInt64
  /// Component ID: CID3 to CID0 from the most significant byte down.
  let component: UInt32

  /// The offset of the first identification register (PIDR4) in the block.
  static let firstOffset: UInt32 = 0xFD0

  /// The register at an offset from `firstOffset` on.
  func register(at offset: UInt32) -> UInt32 {
    let index = (offset - Self.firstOffset) / 4
    switch index {
    case 0: return UInt32(truncatingIfNeeded: peripheral >> 32) & 0xFF
    case 4...7: return UInt32(truncatingIfNeeded: peripheral >> (8 * UInt64(index - 4))) & 0xFF
    case 8...11: return (component >> (8 * (index - 8))) & 0xFF
    default: return 0
    }
  }
}

extension CoreProfile {
  /// The system control space.
  ///
  /// Sources here: the TRMs' tables of each component's identification registers.
  var systemControlIdentification: ComponentIdentification {
    ComponentIdentification(
      peripheral: processor == .cortexM3 ? 0x04_000B_B000 : 0x04_000B_B00C, component: 0xB105_E00D)
  }

  /// The data watchpoint and trace unit.
  var watchpointIdentification: ComponentIdentification {
    ComponentIdentification(peripheral: 0x04_003B_B002, component: 0xB105_E00D)
  }

  /// The flash patch and breakpoint unit.
  var breakpointIdentification: ComponentIdentification {
    ComponentIdentification(peripheral: 0x04_002B_B003, component: 0xB105_E00D)
  }

  /// The instrumentation trace macrocell.
  var instrumentationTraceIdentification: ComponentIdentification {
    ComponentIdentification(peripheral: 0x04_003B_B001, component: 0xB105_E00D)
  }

  /// The trace port interface unit.
  var tracePortIdentification: ComponentIdentification {
    ComponentIdentification(
      peripheral: processor == .cortexM3 ? 0x04_003B_B923 : 0x04_000B_B9A1, component: 0xB105_900D)
  }

  /// The embedded trace macrocell.
  var embeddedTraceIdentification: ComponentIdentification {
    ComponentIdentification(
      peripheral: processor == .cortexM3 ? 0x04_003B_B924 : 0x04_000B_B925, component: 0xB105_900D)
  }

  /// ST's ROM table: designer 0x20 (JEP106), part 0x411 on F2 and on the F4 parts that were read; it is no chip id.
  var romTableIdentification: ComponentIdentification {
    ComponentIdentification(peripheral: 0x00_000A_0411, component: 0xB105_100D)
  }
}
