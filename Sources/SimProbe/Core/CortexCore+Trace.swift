/// The core's part in the trace stream: what is made when, and the characters on the pin.
extension CortexCore {
  /// Lets everything leave the trace port that begins to by now.
  ///
  /// It has to be called before the clock's frequency, or anything that decides about what leaves, changes.
  func drainTrace() {
    guard trace.isActive else { return }
    let format = traceFormat
    let encoding = trace.port.encoding
    trace.drain(to: cycles) { byte, start in
      guard let encoding, let format else { return }
      let begin = timeBase.nanoseconds(at: start)
      switch encoding {
      case .nrz: traceCharacter.send(SerialFrame(start: begin, word: UInt16(byte), format: format))
      case .manchester: sendManchester(byte, begin, format)
      case .parallel: break
      }
    }
  }

  /// How a character stands on the pin; nil where a bit would be shorter than a nanosecond.
  private var traceFormat: SerialFormat? {
    let bitLength = 1_000_000_000_000 * trace.port.cyclesPerBit / max(1, timeBase.hertz)
    return bitLength >= 1000 ? SerialFormat(bitLength: bitLength) : nil
  }

  /// Each bit is a pair of opposite halves, which a receiver of other characters takes for twice as many bits.
  private func sendManchester(_ byte: UInt8, _ begin: UInt64, _ format: SerialFormat) {
    var halves = format
    halves.bitLength /= 2
    var start = begin
    for nibble in [byte & 0xF, byte >> 4] {
      var word: UInt16 = 0
      for bit in 0..<4 { word |= (nibble >> UInt8(bit) & 1 != 0 ? 0b01 : 0b10) << UInt16(2 * bit) }
      let frame = SerialFrame(start: start, word: word, format: halves)
      traceCharacter.send(frame)
      start = frame.end
    }
  }

  // MARK: Registers

  /// Reads a register of the ITM.
  func readInstrumentationTrace(_ offset: UInt32) -> UInt32 {
    drainTrace()
    return trace.instrumentation.read(offset)
  }

  /// The cycle at which the next packet leaves the ITM's queues; never while the trace units have no clock, and a port reads zero.
  var nextTraceDeparture: UInt64 { debug.monitor.contains(.traceEnable) ? trace.port.nextRoom : .max }

  /// Writes a register of the ITM that is no stimulus port.
  func writeInstrumentationTrace(_ offset: UInt32, _ value: UInt32) {
    drainTrace()
    trace.instrumentation.write(offset, value, at: cycles)
    planTraceTaps()
  }

  /// Writes to a stimulus port.
  func stimulateTrace(_ offset: UInt32, _ value: UInt32, _ width: BusWidth) {
    guard debug.monitor.contains(.traceEnable) else { return }
    drainTrace()
    trace.instrumentation.stimulate(Int(offset / 4), value, width, at: cycles)
  }

  /// Whether an address is a stimulus port, which the ITM can open to code without privileges (ARMv7-M, C1.7.3).
  static func isStimulusPort(_ address: UInt32) -> Bool { address >> 7 == 0xE000_0000 >> 7 }

  /// Reads a register of the TPIU.
  func readTracePort(_ offset: UInt32) -> UInt32 { trace.port.read(offset) }

  /// Writes a register of the TPIU.
  func writeTracePort(_ offset: UInt32, _ value: UInt32) {
    drainTrace()
    trace.port.write(offset, value)
    planTraceTaps()
  }

  // MARK: The DWT's packets

  /// Plans what the cycle counter makes, after anything has changed that decides about it.
  func planTraceTaps() {
    let itm = trace.instrumentation
    watchpoint.planTaps(
      executedCycles: executedCycles, samples: itm.forwardsHardware,
      synchronises: itm.sendsSynchronisation || itm.isEnabled && trace.port.hasFormatter)
    requestAttention()
  }

  /// The cycle at which the cycle counter makes something.
  var nextTraceCycle: UInt64 {
    let next = watchpoint.profiling.nextTap
    return next == .max ? .max : next + standstillCycles
  }

  /// Makes what the cycle counter's taps ask for by now.
  func takeTraceTaps() {
    guard watchpoint.profiling.nextTap <= executedCycles else { return }
    let taps = watchpoint.takeTaps(executedCycles: executedCycles)
    if taps.isSynchronisationDue {
      drainTrace()
      trace.instrumentation.synchronise(at: cycles)
      trace.port.synchronise(at: cycles)
    }
    if taps.isSampleDue { forwardToTrace([watchpoint.sample(isSleeping ? nil : programCounter)]) }
    planTraceTaps()
  }

  /// Hands packets of the DWT to the ITM.
  func forwardToTrace(_ packets: [TracePacket]) {
    guard !packets.isEmpty, trace.instrumentation.forwardsHardware else { return }
    drainTrace()
    for packet in packets { trace.instrumentation.forward(packet, at: cycles) }
  }

  /// Traces that a handler has been entered, once nothing can come before its first instruction any more.
  func traceEntry() {
    traceException(untracedEntry, .entered)
    untracedEntry = 0
  }

  /// Notes the cycles of entering or leaving an exception.
  func noteExceptionCycles(_ spent: UInt64) {
    exceptionCycles += spent
    countForTrace(spent, .exceptions)
  }

  /// Traces a step of an exception's life.
  func traceException(_ number: Int, _ step: TracePacket.ExceptionStep) {
    guard watchpoint.tracesExceptions else { return }
    forwardToTrace([.exception(number: number, step)])
  }

  /// Counts cycles in one of the DWT's counters.
  @inline(__always)
  func countForTrace(_ spent: UInt64, _ counter: DataWatchpoint.Counter) {
    if watchpoint.counts(counter) { forwardToTrace(watchpoint.add(spent, to: counter)) }
  }

  /// Counts the cycles of an instruction that has been executed, and traces what it has accessed.
  func traceInstruction(from begin: UInt64) {
    if !watchpoint.matches.isEmpty {
      forwardToTrace(watchpoint.matches)
      watchpoint.matches = []
    }
    let hasAccessed = watchpoint.hasAccessedData
    watchpoint.hasAccessedData = false
    guard watchpoint.countsInstructions else { return }
    let spent = cycles - begin
    guard spent > 1 + exceptionCycles else { return }
    countForTrace(spent - 1 - exceptionCycles, hasAccessed ? .accesses : .instructions)
  }
}
