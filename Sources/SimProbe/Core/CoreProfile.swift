/// Which processor a chip carries, as far as software and debuggers can tell.
///
/// Sources: Cortex-M3 r2p0 TRM (DDI 0337), Cortex-M4 r0p1 TRM (DDI 0439), and for what ST chose the programming manuals
/// PM0056 (F2) and PM0214 (F4).
struct CoreProfile: Equatable, Sendable {
  /// The processor's type.
  enum Processor: Equatable, Sendable {
    /// Cortex-M3: ARMv7-M.
    case cortexM3
    /// Cortex-M4: ARMv7E-M, with the DSP instructions and the single-precision floating-point unit.
    case cortexM4
  }

  /// The processor's type.
  let processor: Processor
  /// The CPUID register.
  let cpuid: UInt32
  /// How many external interrupt lines exist, at most 112.
  let interruptLines: Int
  /// The SysTick calibration register: bit 30 SKEW, bits 23:0 the reload value for 1 ms of the external reference.
  let sysTickCalibration: UInt32

  /// A Cortex-M3 r2p0 as in every STM32F2.
  static func cortexM3r2p0(interruptLines: Int = 81, sysTickReload: UInt32 = 15_000) -> CoreProfile {
    CoreProfile(
      processor: .cortexM3, cpuid: 0x412F_C230, interruptLines: interruptLines,
      sysTickCalibration: 0x4000_0000 | sysTickReload)
  }

  /// A Cortex-M4 r0p1 with floating-point unit as in every STM32F4.
  static func cortexM4r0p1(interruptLines: Int = 82, sysTickReload: UInt32 = 18_750) -> CoreProfile {
    CoreProfile(
      processor: .cortexM4, cpuid: 0x410F_C241, interruptLines: interruptLines,
      sysTickCalibration: 0x4000_0000 | sysTickReload)
  }

  /// Whether the floating-point unit is there.
  var hasFloatingPoint: Bool { processor == .cortexM4 }

  /// Whether the ARMv7E-M DSP instructions are there.
  var hasDSP: Bool { processor == .cortexM4 }

  /// ICTR: the number of interrupt lines in groups of 32, minus one.
  var interruptControllerType: UInt32 { UInt32((interruptLines - 1) / 32) }

  /// How many of a priority byte's high bits exist; ST implements four.
  static let priorityBits = 4
}
