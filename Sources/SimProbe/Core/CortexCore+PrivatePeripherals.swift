extension CortexCore {
  /// The 4 KiB blocks of the private peripheral bus (ARMv7-M, B3.1 and the TRMs' memory maps).
  private enum PrivatePeripheral: UInt32 {
    case instrumentationTrace = 0xE000_0000
    case watchpoint = 0xE000_1000
    case flashPatch = 0xE000_2000
    case systemControl = 0xE000_E000
    case tracePort = 0xE004_0000
    case embeddedTrace = 0xE004_1000
    case romTable = 0xE00F_F000
  }

  /// Where a block ends.
  private static let blockMask: UInt32 = 0xFFF

  /// Registers that take bytes and halfwords: the lanes that are not written keep their value.
  private static let mergedLanes: [ClosedRange<UInt32>] = [
    0xE000_E400...0xE000_E4EF,  // NVIC_IPR
    0xE000_ED18...0xE000_ED23,  // SHPR1 to SHPR3
  ]

  /// Registers that take bytes and halfwords: the lanes that are not written act as written with zero.
  private static let zeroedLanes: [ClosedRange<UInt32>] = [
    0xE000_ED28...0xE000_ED2B  // MMFSR, BFSR, UFSR
  ]

  /// Reads from 0xE000_0000 to 0xE00F_FFFF, without the block that the chip puts at 0xE004_2000.
  ///
  /// Inside a block that exists, registers that do not exist read as zero; blocks that do not exist answer with a bus
  /// error. The trace blocks read as zero while DEMCR.TRCENA is clear.
  func readPrivatePeripheral(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let block = PrivatePeripheral(rawValue: address & ~Self.blockMask) else { return .fault }
    let word = readWord(block, address & Self.blockMask & ~3)
    let lane = word >> (8 * (address & 3))
    switch width {
    case .byte: return .done(lane & 0xFF, cycles: 0)
    case .halfword: return .done(lane & 0xFFFF, cycles: 0)
    case .word: return .done(lane, cycles: 0)
    }
  }

  /// Writes there; registers that do not exist ignore it, and so do registers that want whole words when the access
  /// is narrower (the architecture leaves that open).
  func writePrivatePeripheral(
    _ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster
  ) -> BusAnswer {
    guard let block = PrivatePeripheral(rawValue: address & ~Self.blockMask) else { return .fault }
    let offset = address & Self.blockMask & ~3
    if Self.isStimulusPort(address) {
      stimulateTrace(offset, value, width)
      return .done(0, cycles: 0)
    }
    guard width != .word else {
      writeWord(block, offset, value, by: master)
      return .done(0, cycles: 0)
    }
    let shift = 8 * (address & 3)
    let lanes: UInt32 = (width == .byte ? 0xFF : 0xFFFF) << shift
    if Self.mergedLanes.contains(where: { $0.contains(address) }) {
      writeWord(block, offset, readWord(block, offset) & ~lanes | (value << shift) & lanes, by: master)
    } else if Self.zeroedLanes.contains(where: { $0.contains(address) }) {
      writeWord(block, offset, (value << shift) & lanes, by: master)
    }
    return .done(0, cycles: 0)
  }

  private func readWord(_ block: PrivatePeripheral, _ offset: UInt32) -> UInt32 {
    let isTraceOn = debug.monitor.contains(.traceEnable)
    switch block {
    case .systemControl: return readSystemControl(offset)
    case .flashPatch:
      return offset >= ComponentIdentification.firstOffset
        ? profile.breakpointIdentification.register(at: offset) : flashPatch.read(offset)
    case .romTable: return ROMTable.read(offset, identification: romTable)
    case .watchpoint where isTraceOn:
      return offset >= ComponentIdentification.firstOffset
        ? profile.watchpointIdentification.register(at: offset)
        : watchpoint.read(
          offset, executedCycles: executedCycles, programCounter: state == .halted ? nil : programCounter)
    case .instrumentationTrace where isTraceOn: return readInstrumentationTrace(offset)
    case .tracePort where isTraceOn: return readTracePort(offset)
    case .embeddedTrace where isTraceOn: return trace.embedded.read(offset)
    case .watchpoint, .instrumentationTrace, .tracePort, .embeddedTrace: return 0
    }
  }

  private func writeWord(_ block: PrivatePeripheral, _ offset: UInt32, _ value: UInt32, by master: BusMaster) {
    let isTraceOn = debug.monitor.contains(.traceEnable)
    switch block {
    case .systemControl: writeSystemControl(offset, value, by: master)
    case .flashPatch:
      flashPatch.write(offset, value)
      refreshFastSlots()
    case .watchpoint where isTraceOn:
      watchpoint.write(offset, value, executedCycles: executedCycles)
      planTraceTaps()
      refreshFastSlots()
    case .instrumentationTrace where isTraceOn: writeInstrumentationTrace(offset, value)
    case .tracePort where isTraceOn: writeTracePort(offset, value)
    case .embeddedTrace where isTraceOn: trace.embedded.write(offset, value)
    case .romTable, .watchpoint, .instrumentationTrace, .tracePort, .embeddedTrace: break
    }
  }
}
