/// Receives what a running target sends over SWO.
///
/// Whoever starts it stops it, on every way out: that puts everything back that was changed in the target. In between, `poll` is
/// called as often as possible; the probe's buffer is full in 20 ms at 2 Mbaud.
public struct SWOReceiver {
  /// The rate in use; nil while nothing is received.
  public private(set) var rate: TraceRate?
  /// How many bytes have come in.
  public private(set) var byteCount = 0
  /// How often the probe may have had no room for bytes.
  public private(set) var lossCount = 0
  /// Is given the bytes as they come in.
  public var onBytes: ([UInt8]) -> Void = { _ in }
  /// Is told of the rate when it is first set, and again when HCLK has changed.
  public var onRate: (TraceRate) -> Void = { _ in }

  let access: any DebugAccess
  let options: SWOOptions
  private let capture: any TraceCapture
  private var decoder = ITMDecoder()
  private var setup = TraceSetup()
  private var watch: ClockWatch

  /// Makes a receiver that has touched nothing yet.
  ///
  /// - Parameters:
  ///   - access: the target's debug port.
  ///   - capture: what receives the stream; usually the same probe.
  ///   - device: the chip.
  public init(access: any DebugAccess, capture: any TraceCapture, device: Device, options: SWOOptions = SWOOptions()) {
    self.access = access
    self.capture = capture
    self.options = options
    watch = ClockWatch(
      fastestMegahertz: device.die.maximumMegahertz, crystalHertz: options.crystalHertz, fixedHertz: options.clockHertz)
  }

  /// Sets receiver and target up; the core may run or stand.
  ///
  /// - Throws: `SWOError`; the target is as it was then, as far as it answers.
  public mutating func start() throws(SWOError) {
    guard rate == nil else { return }
    guard options.baud <= capture.fastestTraceBaud else {
      throw .tooFast(wanted: options.baud, fastest: capture.fastestTraceBaud)
    }
    do throws(SWOError) {
      rate = try begin()
    } catch {
      try? putBack()
      throw error
    }
    decoder = ITMDecoder()
    if let rate { onRate(rate) }
  }

  private mutating func begin() throws(SWOError) -> TraceRate {
    let hertz: Int
    do throws(DebugError) { hertz = try watch.begin(access) } catch { throw .access(error) }
    let rate = try makeRate(hertz)
    do throws(DebugError) {
      try setup.begin(access)
      try capture.startTrace(baud: rate.baud)
      try setup.send(access, rate, options)
      return rate
    } catch {
      throw .access(error)
    }
  }

  /// Takes what has come in, and now and then looks whether HCLK has changed; waits for nothing.
  public mutating func poll() throws(SWOError) -> [ITMPacket] {
    guard rate != nil else { return [] }
    let traced: TracedBytes
    do throws(DebugError) { traced = try capture.readTrace() } catch { throw .access(error) }
    if traced.mayLackSome { lossCount += 1 }
    byteCount += traced.bytes.count
    if !traced.bytes.isEmpty { onBytes(traced.bytes) }
    let packets = decoder.decode(traced.bytes)
    guard try followClock() else { return packets }
    // What came at the wrong rate is noise from the first byte on that is no packet.
    return Array(packets.prefix { if case .unknown = $0 { false } else { true } })
  }

  /// Stops the receiver and puts everything back in the target; does nothing where nothing was started.
  ///
  /// Every step is tried, whatever the ones before it did.
  public mutating func stop() throws(SWOError) {
    guard rate != nil else { return }
    rate = nil
    try putBack()
  }

  private mutating func putBack() throws(SWOError) {
    var failure: DebugError?
    do throws(DebugError) { try setup.putBack(access) } catch { failure = error }
    do throws(DebugError) { try capture.stopTrace() } catch { failure = failure ?? error }
    if let failure { throw .access(failure) }
  }

  private func makeRate(_ hertz: Int) throws(SWOError) -> TraceRate {
    guard
      let rate = TraceRate(clockHertz: hertz, wanted: options.baud, fastest: capture.fastestTraceBaud)
    else { throw .tooSlow(wanted: options.baud, clockHertz: hertz) }
    return rate
  }

  /// Sets the rate anew where HCLK has changed; returns whether it has.
  private mutating func followClock() throws(SWOError) -> Bool {
    let found: Int?
    do throws(DebugError) { found = try watch.look(access) } catch { throw .access(error) }
    guard let found, let old = rate, found != old.clockHertz else { return false }
    let new = try makeRate(found)
    do throws(DebugError) {
      try setup.change(to: new, access, options)
      if new.baud != old.baud { try capture.startTrace(baud: new.baud) }
    } catch {
      throw .access(error)
    }
    rate = new
    decoder = ITMDecoder()
    onRate(new)
    return true
  }
}
