import Basics

/// What a stopped core tells about why it has stopped.
public struct FaultReport: Sendable, Equatable {
  /// A register by its name.
  public struct Register: Sendable, Equatable {
    /// "r0", "pc", "msp".
    public var name: String
    /// What it holds.
    public var value: UInt32
  }

  /// The registers that an exception entry saves (ARMv7-M, B1.5.6), as they were when the fault was taken.
  public struct Frame: Sendable, Equatable {
    /// Where the frame lies.
    public var address: UInt32
    /// r0, r1, r2, r3, r12, lr, pc, xpsr.
    public var words: [UInt32]

    /// The instruction that faulted, or that was to be executed next.
    public var programCounter: UInt32 { words[6] }
    /// Where the function that faulted was called from.
    public var linkRegister: UInt32 { words[5] }

    /// The registers by their names.
    public var registers: [Register] {
      zip(["r0", "r1", "r2", "r3", "r12", "lr", "pc", "xpsr"], words).map(Register.init)
    }
  }

  /// The exception in whose handler the core is, or at whose first instruction it was caught; nil in thread mode.
  public var handler: String?
  /// Every reason that the fault registers give, in words, with the register's bit: likeliest first.
  public var reasons: [String]
  /// The address whose access has failed, where the core knows it.
  public var address: UInt32?
  /// The core registers where it stopped.
  public var registers: [Register]
  /// The frame of the exception; nil where there is none, or where it cannot be read.
  public var frame: Frame?
  /// Where it stopped: the frame's program counter, else the core's own.
  public var programCounter: UInt32
  /// The functions that wait for each other to return, the running one first; nil without the program's symbols.
  public var callStack: CallStack?
  /// Whether the core was asleep in WFI or WFE when it was halted.
  public var wasAsleep = false
  /// CFSR, HFSR, DFSR, MMFAR, BFAR, AFSR, SHCSR, as they were read.
  public var faultRegisters: [Register]
}

extension FaultReport {
  private static let faultRegisters: [(name: String, address: UInt32)] = [
    ("CFSR", 0xE000_ED28), ("HFSR", 0xE000_ED2C), ("DFSR", 0xE000_ED30), ("MMFAR", 0xE000_ED34),
    ("BFAR", 0xE000_ED38), ("AFSR", 0xE000_ED3C), ("SHCSR", 0xE000_ED24),
  ]

  private static let coreRegisters: [(name: String, register: CoreRegister)] =
    (0...12).map { ("r\($0)", .general($0)) } + [
      ("sp", .stackPointer), ("lr", .linkRegister), ("pc", .programCounter), ("xpsr", .xPSR),
      ("msp", .mainStackPointer), ("psp", .processStackPointer),
    ]

  /// Reads it from a halted core; only reads.
  ///
  /// - Parameters:
  ///   - stacks: the memories in which a stack can lie.
  ///   - symbols: what the program's file says of its addresses.
  static func read(
    _ access: any DebugAccess, stacks: [Range<UInt32>], symbols: ProgramSymbols? = nil
  ) throws(DebugError) -> FaultReport {
    var report = try readRegisters(access, stacks: stacks)
    guard let symbols else { return report }
    let core = HaltedCore(
      registers: UnwindRegisters((0...15).map { report.registers[$0].value }), xPSR: report.registers[16].value,
      processStackPointer: report.registers[18].value)
    report.callStack = try symbols.callStack(of: core, limit: callStackLimit) { (address) throws(DebugError) in
      guard address & 3 == 0, stacks.contains(where: { $0.contains(address) }) else { return nil }
      return try access.readWord(at: address)
    }
    return report
  }

  /// More frames than anybody reads.
  private static let callStackLimit = 32

  private static func readRegisters(
    _ access: any DebugAccess, stacks: [Range<UInt32>]
  ) throws(DebugError) -> FaultReport {
    let fault = try FaultReading.read(access)
    var registers: [Register] = []
    for (name, register) in coreRegisters {
      registers.append(Register(name: name, value: try access.readCoreRegister(register)))
    }
    var values: [Register] = []
    for (name, address) in faultRegisters {
      values.append(Register(name: name, value: try access.readWord(at: address)))
    }
    func value(_ name: String) -> UInt32 { registers.first { $0.name == name }?.value ?? 0 }
    var report = FaultReport(
      handler: fault.handler, reasons: fault.reasons, address: fault.address, registers: registers, frame: nil,
      programCounter: value("pc"), faultRegisters: values)
    // EXC_RETURN is in LR until the handler has called something (ARMv7-M, B1.5.8).
    let link = value("lr")
    guard fault.activeException != 0, link >= 0xFFFF_FFE0 else { return report }
    let stack = link & 4 == 0 ? value("msp") : value("psp")
    // The frame is where the exception's stack pointer was; a handler's first instruction has pushed nothing yet.
    guard stack & 3 == 0, stacks.contains(where: { $0.contains(stack) && $0.upperBound - stack >= 32 }) else {
      return report
    }
    let bytes = try access.readMemory(at: stack, byteCount: 32)
    let frame = Frame(address: stack, words: (0..<8).map { bytes.littleEndianWord(at: $0 * 4) })
    report.frame = frame
    report.programCounter = frame.programCounter
    return report
  }
}
