/// The trace units beside the DWT: what makes a stream of packets, and what sends it.
///
/// Nothing happens here by itself: what has left by now is found out by `drain`, before anything is changed and when somebody
/// looks.
struct TraceUnits {
  /// ITM.
  var instrumentation: InstrumentationTrace
  /// TPIU.
  var port: TracePort
  /// ETM, whose registers keep what is written to them.
  var embedded: RegisterBank

  /// The units as at power-on.
  init(_ profile: CoreProfile) {
    instrumentation = InstrumentationTrace(profile)
    port = TracePort(profile)
    embedded = .embeddedTrace(profile)
  }

  /// Whether something leaves now or later.
  var isActive: Bool { instrumentation.isActive || port.isBusy }

  /// Lets everything leave that begins to by a cycle.
  mutating func drain(to now: UInt64, _ send: (_ byte: UInt8, _ start: UInt64) -> Void) {
    while port.free <= now {
      if !port.hasOutgoing {
        let tick = instrumentation.control & 1 << 4 != 0 ? port.cyclesPerBit : 1
        if let next = instrumentation.take(portIsFreeFrom: port.free, now: now, tick: tick) {
          port.take(next.bytes, from: instrumentation.sourceID, at: next.start)
        } else if !port.fillFrame() {
          return
        }
        continue
      }
      let (byte, start) = port.takeByte()
      send(byte, start)
    }
  }
}
