/// One command that the firmware knows.
struct ProbeCommand: Sendable {
  /// The modes in which a command is taken.
  struct Modes: OptionSet, Sendable {
    let rawValue: UInt8

    static let dfu = Modes(rawValue: 1 << ProbeMode.dfu.rawValue)
    static let idle = Modes(rawValue: 1 << ProbeMode.idle.rawValue)
    static let debug = Modes(rawValue: 1 << ProbeMode.debug.rawValue)
    static let swim = Modes(rawValue: 1 << ProbeMode.swim.rawValue)
    static let bootloader = Modes(rawValue: 1 << ProbeMode.bootloader.rawValue)
    /// Every mode.
    static let any: Modes = [.dfu, .idle, .debug, .swim, .bootloader]
    /// The modes of the firmware proper.
    static let application: Modes = [.idle, .debug, .swim]
  }

  /// The first byte, or the second after 0xF2.
  let opcode: UInt8
  /// The name that the hosts give it.
  let name: String
  /// What the version has to have.
  let feature: FirmwareFeature
  /// The modes in which it is taken; in others nothing comes back.
  let modes: Modes
  /// Carries it out.
  let run: @Sendable (STLinkFirmware, CommandBlock) -> Void

  init(
    _ opcode: UInt8, _ name: String, _ feature: FirmwareFeature = .always, modes: Modes = .application,
    run: @escaping @Sendable (STLinkFirmware, CommandBlock) -> Void
  ) {
    self.opcode = opcode
    self.name = name
    self.feature = feature
    self.modes = modes
    self.run = run
  }
}

/// The commands by their opcode.
enum CommandTable {
  /// The first byte of a block (docs/simulated-probe.md, "Modes").
  static let topLevel: [UInt8: ProbeCommand] = indexed([
    ProbeCommand(0xF1, "GET_VERSION", modes: .any) { firmware, _ in firmware.getVersion() },
    ProbeCommand(0xF2, "DEBUG") { $0.performDebug($1) },
    ProbeCommand(0xF3, "DFU", modes: .any) { $0.performDFU($1) },
    ProbeCommand(0xF4, "SWIM") { $0.performSWIM($1) },
    ProbeCommand(0xF5, "GET_CURRENT_MODE", modes: .any) { firmware, _ in firmware.getMode() },
    ProbeCommand(0xF7, "GET_TARGET_VOLTAGE", .voltageAndTrace, modes: [.dfu, .idle, .debug, .swim]) { firmware, _ in
      firmware.getVoltage()
    },
    ProbeCommand(0xFB, "GET_VERSION_EX", .extendedVersion, modes: .any) { firmware, _ in
      firmware.getExtendedVersion()
    },
    ProbeCommand(0xFD, "DRIVE_TARGET_PWR", .targetPower) { firmware, _ in firmware.acknowledge() },
  ])

  /// The second byte of a debug command.
  static let debug: [UInt8: ProbeCommand] = indexed(firstAPI + secondAPI)

  /// Those that are the first API's alone.
  private static let firstAPI = [
    ProbeCommand(0x01, "GETSTATUS") { firmware, _ in firmware.getCoreStatus() },
    ProbeCommand(0x02, "FORCEDEBUG") { firmware, _ in firmware.request(.halt) },
    ProbeCommand(0x03, "RESETSYS (API 1)") { firmware, _ in firmware.resetTarget() },
    ProbeCommand(0x04, "READALLREGS (API 1)") { firmware, _ in firmware.readAllRegistersBare() },
    ProbeCommand(0x05, "READREG (API 1)") { $0.readRegisterBare($1) },
    ProbeCommand(0x06, "WRITEREG (API 1)") { $0.writeRegister($1) },
    ProbeCommand(0x09, "RUNCORE") { firmware, _ in firmware.request(.run) },
    ProbeCommand(0x0A, "STEPCORE") { firmware, _ in firmware.request(.step) },
    ProbeCommand(0x0B, "SETFP") { $0.setBreakpoint($1) },
    ProbeCommand(0x0E, "CLEARFP") { $0.clearBreakpoint($1) },
    ProbeCommand(0x0F, "WRITEDEBUGREG (API 1)") { $0.writeDebugRegister($1) },
    ProbeCommand(0x20, "ENTER (API 1)") { $0.enterDebug($1, answers: false) },
    ProbeCommand(0x22, "READCOREID") { firmware, _ in firmware.readCoreIdentification() },
  ]

  private static let secondAPI = [
    ProbeCommand(0x07, "READMEM32") { $0.readMemory($1, .word) },
    ProbeCommand(0x08, "WRITEMEM32") { $0.writeMemory($1, .word) },
    ProbeCommand(0x0C, "READMEM8") { $0.readMemory($1, .byte) },
    ProbeCommand(0x0D, "WRITEMEM8") { $0.writeMemory($1, .byte) },
    ProbeCommand(0x21, "EXIT") { firmware, _ in firmware.leaveDebug() },
    ProbeCommand(0x30, "ENTER") { $0.enterDebug($1) },
    ProbeCommand(0x31, "READ_IDCODES") { firmware, _ in firmware.readIDCodes() },
    ProbeCommand(0x32, "RESETSYS") { firmware, _ in firmware.resetTarget() },
    ProbeCommand(0x33, "READREG") { $0.readRegister($1) },
    ProbeCommand(0x34, "WRITEREG") { $0.writeRegister($1) },
    ProbeCommand(0x35, "WRITEDEBUGREG") { $0.writeDebugRegister($1) },
    ProbeCommand(0x36, "READDEBUGREG") { $0.readDebugRegister($1) },
    ProbeCommand(0x3A, "READALLREGS") { firmware, _ in firmware.readAllRegisters() },
    ProbeCommand(0x3B, "GETLASTRWSTATUS") { firmware, _ in firmware.getAccessStatus() },
    ProbeCommand(0x3C, "DRIVE_NRST") { $0.driveReset($1) },
    ProbeCommand(0x3E, "GETLASTRWSTATUS2", .extendedStatus) { firmware, _ in firmware.getAccessRecord() },
    ProbeCommand(0x40, "START_TRACE_RX", .voltageAndTrace) { $0.startTrace($1) },
    ProbeCommand(0x41, "STOP_TRACE_RX", .voltageAndTrace) { firmware, _ in firmware.stopTrace() },
    ProbeCommand(0x42, "GET_TRACE_NB", .voltageAndTrace) { firmware, _ in firmware.getTraceCount() },
    ProbeCommand(0x43, "SWD_SET_FREQ", .swdDivisor) { $0.setSWDDivisor($1) },
    ProbeCommand(0x44, "JTAG_SET_FREQ", .jtagDivisor) { $0.setJTAGDivisor($1) },
    ProbeCommand(0x45, "READ_DAP_REG", .dapRegisters) { $0.readDAPRegister($1) },
    ProbeCommand(0x46, "WRITE_DAP_REG", .dapRegisters) { $0.writeDAPRegister($1) },
    ProbeCommand(0x47, "READMEM16", .halfwordMemory) { $0.readMemory($1, .halfword) },
    ProbeCommand(0x48, "WRITEMEM16", .halfwordMemory) { $0.writeMemory($1, .halfword) },
    ProbeCommand(0x49, "BLINK_LED", .accessPorts) { firmware, _ in firmware.acknowledge() },
    ProbeCommand(0x4B, "INIT_AP", .accessPorts) { $0.openAccessPort($1) },
    ProbeCommand(0x4C, "CLOSE_AP_DBG", .accessPorts) { $0.closeAccessPort($1) },
    ProbeCommand(0x50, "WRITEMEM32_NO_INC", .halfwordMemory) { $0.writeMemory($1, .word, increments: false) },
    ProbeCommand(0x51, "RW_MISC_OUT", .listsAndBanks) { $0.takeList($1) },
    ProbeCommand(0x52, "RW_MISC_IN", .listsAndBanks) { firmware, _ in firmware.giveList() },
    ProbeCommand(0x54, "READMEM32_NO_INC", .listsAndBanks) { $0.readMemory($1, .word, increments: false) },
    ProbeCommand(0x56, "GET_BOARD_IDENTIFIERS", .boardIdentifiers) { firmware, _ in firmware.getBoardIdentifiers() },
    ProbeCommand(0x61, "SET_COM_FREQ", .extendedVersion) { $0.setFrequency($1) },
    ProbeCommand(0x62, "GET_COM_FREQ", .extendedVersion) { $0.getFrequencies($1) },
    ProbeCommand(0x63, "SWITCH_STLINK_FREQ", .extendedVersion) { $0.switchPrescaler($1) },
  ]

  private static func indexed(_ commands: [ProbeCommand]) -> [UInt8: ProbeCommand] {
    Dictionary(uniqueKeysWithValues: commands.map { ($0.opcode, $0) })
  }
}

extension STLinkFirmware {
  /// Carries out a command; nothing comes back for one that is unknown or not taken in the present mode.
  func perform(_ command: CommandBlock) {
    guard let known = CommandTable.topLevel[command[0]], profile.version.has(known.feature),
      known.modes.contains(ProbeCommand.Modes(rawValue: 1 << mode.rawValue))
    else { return }
    traceReceiver?.withdraw()
    known.run(self, command)
  }

  /// Carries out a debug command; an unknown one is answered with a status.
  func performDebug(_ command: CommandBlock) {
    guard let known = CommandTable.debug[command[1]], profile.version.has(known.feature) else {
      let refusal = traits.unknownCommandStatus
      replyStatus { () throws(ProbeStatus) in throw refusal }
      return
    }
    known.run(self, command)
  }

  /// Says "done" to a command that has no effect in the simulation: LED, power switch.
  func acknowledge() {
    replyStatus {}
  }
}
