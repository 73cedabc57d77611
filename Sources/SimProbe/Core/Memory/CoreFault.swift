/// Why an instruction did not complete.
enum CoreFault: Error, Equatable {
  /// A fault of the architecture: its status bits and, where it has one, the address.
  case fault(ConfigurableFaultStatus, address: UInt32?)
  /// The bus is busy until this time in nanoseconds; the instruction has had no effect and is repeated.
  case stalled(until: UInt64)
  /// A BKPT instruction.
  case breakpoint

  /// A usage fault.
  static func usage(_ status: ConfigurableFaultStatus) -> CoreFault { .fault(status, address: nil) }
}

extension ConfigurableFaultStatus {
  /// The exception that the status bits belong to.
  var exceptionNumber: Int {
    if rawValue & 0xFF != 0 { return ExceptionNumber.memoryManagement }
    return rawValue & 0xFF00 != 0 ? ExceptionNumber.busFault : ExceptionNumber.usageFault
  }

  /// The vector catch of DEMCR that covers these status bits.
  var vectorCatch: ExceptionMonitorControl {
    let entryAndReturn: ConfigurableFaultStatus = [.memoryStacking, .memoryUnstacking, .busStacking, .busUnstacking]
    if !isDisjoint(with: entryAndReturn) { return .catchEntryAndReturn }
    switch exceptionNumber {
    case ExceptionNumber.memoryManagement: return .catchMemoryManagement
    case ExceptionNumber.busFault: return .catchBus
    default:
      if contains(.noCoprocessor) { return .catchNoCoprocessor }
      return isDisjoint(with: [.unaligned, .divideByZero]) ? .catchState : .catchChecking
    }
  }
}
