extension CortexCore {
  /// The main stack pointer.
  var mainStackPointer: UInt32 {
    get { usesProcessStack ? bankedStackPointer : registers[13] }
    set { if usesProcessStack { bankedStackPointer = newValue & ~3 } else { registers[13] = newValue & ~3 } }
  }

  /// The process stack pointer.
  var processStackPointer: UInt32 {
    get { usesProcessStack ? registers[13] : bankedStackPointer }
    set { if usesProcessStack { registers[13] = newValue & ~3 } else { bankedStackPointer = newValue & ~3 } }
  }

  /// Selects the stack pointer that mode and CONTROL.SPSEL call for.
  func selectStack() {
    let wantsProcessStack = exceptionNumber == 0 && control & 2 != 0
    guard wantsProcessStack != usesProcessStack else { return }
    (registers[13], bankedStackPointer) = (bankedStackPointer, registers[13])
    usesProcessStack = wantsProcessStack
  }

  // The flags as results leave them: what tests them is rarer than what sets them.

  /// APSR.N.
  @inline(__always)
  var negative: Bool {
    get { negativeWord >> 31 != 0 }
    set { negativeWord = newValue ? 1 << 31 : 0 }
  }

  /// APSR.Z.
  @inline(__always)
  var zero: Bool {
    get { zeroWord == 0 }
    set { zeroWord = newValue ? 0 : 1 }
  }

  /// APSR.V.
  @inline(__always)
  var overflow: Bool {
    get { overflowWord >> 31 != 0 }
    set { overflowWord = newValue ? 1 << 31 : 0 }
  }

  /// Whether a signed comparison came out less: N is not V.
  @inline(__always)
  var isLess: Bool { (negativeWord ^ overflowWord) >> 31 != 0 }

  /// APSR: N, Z, C, V, Q and, on the Cortex-M4, GE.
  var applicationStatus: UInt32 {
    get {
      (negative ? 1 << 31 : 0) | (zero ? 1 << 30 : 0) | (carry ? 1 << 29 : 0) | (overflow ? 1 << 28 : 0)
        | (saturated ? 1 << 27 : 0) | greaterOrEqual << 16
    }
    set {
      negative = newValue & 1 << 31 != 0
      zero = newValue & 1 << 30 != 0
      carry = newValue & 1 << 29 != 0
      overflow = newValue & 1 << 28 != 0
      saturated = newValue & 1 << 27 != 0
      greaterOrEqual = profile.hasDSP ? newValue >> 16 & 0xF : 0
    }
  }

  /// The combined program status register as exceptions stack it and debuggers see it.
  var programStatus: UInt32 {
    get {
      applicationStatus | (thumb ? 1 << 24 : 0) | UInt32(exceptionNumber)
        | (ifThenState & 0x3) << 25 | (ifThenState & 0xFC) << 8
    }
    set {
      applicationStatus = newValue
      thumb = newValue & 1 << 24 != 0
      ifThenState = newValue >> 25 & 0x3 | newValue >> 8 & 0xFC
      exceptionNumber = Int(newValue & 0x1FF)
    }
  }

  /// CONTROL, FAULTMASK, BASEPRI and PRIMASK packed as DCRSR register 20.
  private var packedControl: UInt32 {
    get {
      control << 24 | (exceptionMask.faultmask ? 1 << 16 : 0) | UInt32(exceptionMask.basepri) << 8
        | (exceptionMask.primask ? 1 : 0)
    }
    set {
      control = newValue >> 24 & (profile.hasFloatingPoint ? 7 : 3)
      exceptionMask.faultmask = newValue & 1 << 16 != 0
      exceptionMask.basepri = UInt8(truncatingIfNeeded: newValue >> 8) & InterruptController.priorityMask
      exceptionMask.primask = newValue & 1 != 0
      selectStack()
    }
  }

  /// Reads a register as DCRSR numbers it (ARMv7-M, C1.6.3); numbers that name nothing read as zero.
  func readTransferRegister(_ selector: UInt32) -> UInt32 {
    switch selector {
    case 0...14: return registers[Int(selector)]
    case 15: return programCounter
    case 16: return programStatus
    case 17: return mainStackPointer
    case 18: return processStackPointer
    case 20: return packedControl
    case 33 where profile.hasFloatingPoint: return floatStatus
    case 64...95 where profile.hasFloatingPoint: return floatRegisters[Int(selector - 64)]
    default: return 0
    }
  }

  /// Writes a register as DCRSR numbers it.
  func writeTransferRegister(_ selector: UInt32, _ value: UInt32) {
    switch selector {
    case 13: registers[13] = value & ~3
    case 0...14: registers[Int(selector)] = value
    case 15: programCounter = value & ~1
    case 16:
      programStatus = value
      selectStack()
    case 17: mainStackPointer = value
    case 18: processStackPointer = value
    case 20: packedControl = value
    case 33 where profile.hasFloatingPoint: floatStatus = value & Self.floatStatusMask
    case 64...95 where profile.hasFloatingPoint: floatRegisters[Int(selector - 64)] = value
    default: break
    }
  }

  /// The bits of FPSCR that exist.
  static let floatStatusMask: UInt32 = 0xF7C0_009F
}
