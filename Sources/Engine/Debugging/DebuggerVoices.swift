import LinkInterface

/// What a program under a debugger says by RTT and over SWO, where somebody has asked for it.
struct DebuggerVoices {
  private let access: STLink
  private let device: Device
  private let told: (DebuggerEvent) -> Void
  private var rtt: RTTVoice?
  private var swo: SWOVoice?

  init(_ access: STLink, _ device: Device, told: @escaping (DebuggerEvent) -> Void) {
    self.access = access
    self.device = device
    self.told = told
  }

  private var all: [any ProgramVoice] {
    let voices: [(any ProgramVoice)?] = [rtt, swo]
    return voices.compactMap(\.self)
  }

  /// Whether RTT is looked for.
  var listensToRTT: Bool { rtt != nil }

  /// Listens to RTT from now on.
  mutating func listen(_ options: RTTOptions) throws(DebugError) {
    try rtt?.finish()
    rtt = RTTVoice(access, ram: device.ram.map(\.range), options: options, told: passOn)
  }

  /// Listens to SWO from now on.
  mutating func listen(_ options: SWOOptions) throws(SWOError) {
    do throws(DebugError) { try swo?.finish() } catch { throw .access(error) }
    swo = nil
    swo = try SWOVoice(access, capture: access, device: device, options: options, told: passOn)
  }

  /// Listens to RTT no more.
  mutating func stopRTT() throws(DebugError) {
    let voice = rtt
    rtt = nil
    try voice?.finish()
  }

  /// Listens to SWO no more.
  mutating func stopSWO() throws(DebugError) {
    let voice = swo
    swo = nil
    try voice?.finish()
    voice?.remarks.forEach { told(.note($0)) }
  }

  /// Listens to nothing any more; every step is tried.
  mutating func stop() throws(DebugError) {
    var failure: DebugError?
    do throws(DebugError) { try stopRTT() } catch { failure = error }
    do throws(DebugError) { try stopSWO() } catch { failure = failure ?? error }
    if let failure { throw failure }
  }

  func hasBeenReset() { all.forEach { $0.hasBeenReset() } }

  /// Sends bytes to the program by RTT.
  func send(_ bytes: [UInt8]) { rtt?.send(bytes) }

  /// Fetches what has been said, and tells it; whether that was anything.
  func poll() throws(DebugError) -> Bool {
    var hasSpoken = false
    for voice in all {
      for output in try voice.poll(atOnce: false) {
        hasSpoken = true
        told(.output(output))
      }
    }
    return hasSpoken
  }

  private var passOn: (RunEvent) -> Void {
    { [told] event in
      switch event {
      case .found(let what): told(.note(what))
      case .warning(let text): told(.note(text))
      case .output, .line, .reset, .traceBytes, .packet: break
      }
    }
  }
}
