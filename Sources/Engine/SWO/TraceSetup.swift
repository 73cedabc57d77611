/// What makes a target send its trace stream, and the way back.
///
/// The registers outlive a reset of the system; firmware may change them all the same.
struct TraceSetup: Sendable {
  /// What the registers held before, in the order in which they were changed.
  private var before: [(register: TraceRegister, value: UInt32)] = []
  /// Whether the trace units had their clock.
  private var hadClock: Bool?
  /// DBGMCU_CR as it was.
  private var pinsBefore: DBGMCUControl?
  private var wasLocked = false

  /// How often BUSY is looked at; the ITM empties in microseconds.
  private static let busyLimit = 10

  /// Gives the trace units their clock and the trace port its pin.
  mutating func begin(_ access: any DebugAccess) throws(DebugError) {
    var monitor = try access.read(DEMCR.self)
    hadClock = monitor[.traceEnable]
    monitor[.traceEnable] = true
    try access.write(monitor)
    let pins = try access.read(DBGMCUControl.self)
    pinsBefore = pins
    try access.write(pins.sendingOnOnePin)
  }

  /// Sets TPIU, ITM and DWT up, in the order that all hosts share; the receiver listens already.
  mutating func send(_ access: any DebugAccess, _ rate: TraceRate, _ options: SWOOptions) throws(DebugError) {
    try replace(.portSize, access, by: 1)
    try replace(.prescaler, access, by: UInt32(rate.divisor - 1))
    try replace(.pinProtocol, access, by: TraceRegister.nrz)
    try replace(.formatter, access, by: TraceRegister.formatterOff)
    wasLocked = try access.read(.lockStatus) & TraceRegister.isLocked != 0
    try access.write(TraceRegister.unlockKey, to: .lockAccess)
    try replace(.control, access, by: 0)
    try waitUntilIdle(access)
    try replace(.stimulusPrivilege, access, by: 0)
    try replace(.stimulusEnable, access, by: options.ports)
    try replace(.watchpointControl, access, by: TraceSetup.watchpointControl(rate, options))
    try access.write(TraceSetup.control(options), to: .control)
  }

  /// Makes the target send by another HCLK.
  func change(to rate: TraceRate, _ access: any DebugAccess, _ options: SWOOptions) throws(DebugError) {
    try access.write(UInt32(rate.divisor - 1), to: .prescaler)
    try access.write(TraceSetup.watchpointControl(rate, options), to: .watchpointControl)
  }

  /// Puts everything back, the last first; every step is tried, whatever the ones before it did.
  ///
  /// - Throws: the first error of any step, after the last step.
  mutating func putBack(_ access: any DebugAccess) throws(DebugError) {
    var failure: DebugError?
    func attempt(_ body: () throws(DebugError) -> Void) {
      do throws(DebugError) { try body() } catch { failure = failure ?? error }
    }
    if !before.isEmpty {
      attempt { () throws(DebugError) in try access.write(TraceRegister.unlockKey, to: .lockAccess) }
      attempt { () throws(DebugError) in try access.write(0, to: .control) }
    }
    for (register, value) in before.reversed() {
      attempt { () throws(DebugError) in try access.write(value, to: register) }
    }
    if wasLocked { attempt { () throws(DebugError) in try access.write(0, to: .lockAccess) } }
    if let pinsBefore {
      attempt { () throws(DebugError) in try access.write(access.read(DBGMCUControl.self).withTrace(of: pinsBefore)) }
    }
    if let hadClock, !hadClock {
      attempt { () throws(DebugError) in
        var monitor = try access.read(DEMCR.self)
        monitor[.traceEnable] = false
        try access.write(monitor)
      }
    }
    self = TraceSetup()
    if let failure { throw failure }
  }

  private mutating func replace(_ register: TraceRegister, _ access: any DebugAccess, by value: UInt32)
    throws(DebugError)
  {
    before.append((register, try access.read(register) & ~TraceRegister.busyBit(of: register)))
    try access.write(value, to: register)
  }

  private func waitUntilIdle(_ access: any DebugAccess) throws(DebugError) {
    for _ in 0..<TraceSetup.busyLimit where try access.read(.control) & TraceRegister.busy == 0 { return }
  }

  /// TCR: the source has the number 1, which matters to the formatter alone.
  private static func control(_ options: SWOOptions) -> UInt32 {
    var control =
      1 << TraceRegister.sourceNumber | TraceRegister.instrumentationEnable | TraceRegister.synchronisationEnable
      | TraceRegister.watchpointForwarding
    if options.hasTimestamps {
      control |= TraceRegister.timestampEnable | TraceSetup.timestampCode << TraceRegister.timestampPrescaler
    }
    return control
  }

  /// TSPrescale 16.
  private static let timestampCode: UInt32 = 2
  /// The HCLK cycles of a tick of the local timestamps.
  static let cyclesPerTick = 16

  /// DWT_CTRL: synchronisation every 2^24 cycles, and what is wanted of the rest.
  private static func watchpointControl(_ rate: TraceRate, _ options: SWOOptions) -> UInt32 {
    var control = TraceRegister.cycleCountEnable | TraceRegister.synchronisationTap
    if options.tracesExceptions { control |= TraceRegister.exceptionTrace }
    if options.samplesProgramCounter {
      let reload = UInt32(samplingPeriod(rate) / tapPeriod - 1)
      control |= TraceRegister.sampling | TraceRegister.slowTap | reload << TraceRegister.reloadShift
      control |= reload << TraceRegister.initialCountShift
    }
    return control
  }

  private static let tapPeriod = 1024
  private static let bitsPerSample = 50

  /// The cycles between two samples that take half of the line, as far as the DWT's counter goes.
  static func samplingPeriod(_ rate: TraceRate) -> Int {
    let wanted = 2 * bitsPerSample * rate.divisor
    return min(16, max(1, (wanted + tapPeriod - 1) / tapPeriod)) * tapPeriod
  }
}

extension TraceRegister {
  /// What reads as something else than was written.
  fileprivate static func busyBit(of register: TraceRegister) -> UInt32 {
    switch register {
    case .control: busy
    case .watchpointControl: ~packetBits
    default: 0
    }
  }
}

extension DBGMCUControl {
  /// The same with the trace port on its one pin.
  fileprivate var sendingOnOnePin: DBGMCUControl {
    var control = self
    control[.traceEnable] = true
    control[.traceMode] = 0
    return control
  }

  /// The same with the trace port's pins as another value has them.
  func withTrace(of other: DBGMCUControl) -> DBGMCUControl {
    var control = self
    control[.traceEnable] = other[.traceEnable]
    control[.traceMode] = other[.traceMode]
    return control
  }
}
