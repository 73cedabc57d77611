/// What a debugging session that ended without a word has left in the chip.
///
/// Debug registers outlive every reset but that of power-on, so that nothing but a debugger or a power cycle clears
/// them (ARMv7-M, C1.6 to C1.11).
extension FaultKind {
  static let leftByDebugger: [FaultKind] = [
    FaultKind(
      "left-breakpoint", .chip,
      FaultParameter(
        "address", "", 0...0x1FFF_FFFE, usual: ChipFamily.flashAddresses.lowerBound + 8, isAddress: true),
      broken: "A debugger has left a breakpoint in the FPB.",
      visible:
        "FP_CTRL.ENABLE and FP_COMP0 are set; where the core comes by without a debugger it is in HardFault with "
        + "HFSR.DEBUGEVT.",
      origin: "IDEs that crash; ARMv7-M, C1.4.1 and C1.11", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, address in
        let halfword: UInt32 = address & 2 == 0 ? 1 << 30 : 2 << 30
        simulation.debuggerWrites([
          (0xE000_2008, UInt32(address) & 0x1FFF_FFFC | halfword | 1),  // FP_COMP0
          (0xE000_2000, 3),  // FP_CTRL: KEY, ENABLE
        ])
      }),
    FaultKind(
      "left-watchpoint", .chip, FaultParameter("address", "", 0...0x3FFF_FFFF, usual: 0x2000_0000, isAddress: true),
      broken: "A debugger has left a watchpoint in the DWT, and halting debug on.",
      visible: "DEMCR.TRCENA, DWT_COMP0 and DWT_FUNCTION0 are set; the core halts where it writes to the address.",
      origin: "IDEs that crash; ARMv7-M, C1.8", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, address in
        simulation.debuggerWrites([
          (0xE000_EDFC, 1 << 24),  // DEMCR: TRCENA
          (0xE000_1020, UInt32(address)), (0xE000_1024, 0), (0xE000_1028, 6),  // DWT_COMP0, MASK0, FUNCTION0: writes
          (0xE000_EDF0, 0xA05F_0001),  // DHCSR: C_DEBUGEN
        ])
      }),
    FaultKind(
      "left-catches", .chip,
      broken: "A debugger has left every vector catch armed, and halting debug on.",
      visible: "DEMCR reads 010007F1; the core halts at its next reset or fault and stays so.",
      origin: "stlink PR 1503; probe-rs issue 1675", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, _ in
        simulation.debuggerWrites([(0xE000_EDFC, 0x0100_07F1), (0xE000_EDF0, 0xA05F_0001)])
      }),
    FaultKind(
      "left-masks", .chip,
      broken: "A debugger has left interrupts masked (DHCSR.C_MASKINTS), and halting debug on.",
      visible: "DHCSR has C_MASKINTS set; the program runs and no interrupt comes.",
      origin: "Black Magic issue 968 (F446)", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, _ in
        // C_MASKINTS changes while the core is halted (ARMv7-M, table C1-9).
        simulation.debuggerWrites([
          (0xE000_EDF0, 0xA05F_0003), (0xE000_EDF0, 0xA05F_000B), (0xE000_EDF0, 0xA05F_0009),
        ])
      }),
    FaultKind(
      "left-erasing", .chip,
      broken: "A tool that was killed has left a mass erase running.",
      visible: "FLASH_SR.BSY is set for seconds, and reading the flash stalls the bus.",
      origin: "RM0090, 3.6.3; killed flash tools", like: .leftErasing, usually: .command(1),
      effect: .event { simulation, _ in
        simulation.debuggerUnlocks(FlashRegister.key, simulation.board.chip.model.family.controlKeys)
        // MER, x32; STRT.
        for value: UInt32 in [0x0000_0204, 0x0001_0204] { simulation.debuggerWrites(value, FlashRegister.control) }
      }),
    FaultKind(
      "left-unlocked", .chip,
      broken: "A tool that was killed has left the flash controller unlocked, with programming on.",
      visible: "FLASH_CR has LOCK clear and PG set: a stray write of the program changes the flash.",
      origin: "RM0090, 3.6.1; killed flash tools", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, _ in
        simulation.debuggerUnlocks(FlashRegister.key, simulation.board.chip.model.family.controlKeys)
        simulation.debuggerWrites(0x0000_0201, FlashRegister.control)
      }),
    FaultKind(
      "left-options", .chip,
      broken: "A tool that was killed has written the option registers and not started their programming.",
      visible: "FLASH_OPTCR has OPTLOCK clear and says that all sectors are write-protected; the option bytes do not.",
      origin: "RM0090, 3.7.2; killed flash tools", like: .leftByDebugger, usually: .command(1),
      effect: .event { simulation, _ in
        simulation.debuggerUnlocks(FlashRegister.optionKey, simulation.board.chip.model.family.optionKeys)
        // Level 0, every nWRP bit clear.
        simulation.debuggerWrites(0x0000_AAEC, FlashRegister.optionControl)
      }),
  ]
}

extension Simulation {
  /// Writes words as a debugger does.
  fileprivate func debuggerWrites(_ writes: [(address: UInt32, value: UInt32)]) {
    let chip = board.chip
    chip.synchronise()
    for (address, value) in writes { _ = chip.write(address, value, .word, by: .debugger) }
  }

  /// Writes a register of the flash interface as a debugger does.
  fileprivate func debuggerWrites(_ value: UInt32, _ offset: UInt32) {
    debuggerWrites([(board.chip.model.family.memory.flashController + offset, value)])
  }

  /// Writes the keys of a lock.
  fileprivate func debuggerUnlocks(_ offset: UInt32, _ keys: KeyLock.Keys) {
    for key in [keys.first, keys.second] { debuggerWrites(key, offset) }
  }
}
