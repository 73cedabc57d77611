import Basics
import LinkInterface

/// Holds a chip's core for somebody who looks into its program: halts it, steps it, sets breakpoints, reads and writes what
/// the program has, and knows why the core has stopped.
///
/// One at a time over a session with a debug port (`TargetSession.startDebugging`). What it puts into the chip it takes
/// out again by `detach`, on every way out; the session's `close` answers for the core then.
public final class Debugger {
  /// What the core is doing, as far as the debugger knows.
  enum State {
    /// It is on its own: nothing of the debugger is in the chip.
    case detached
    /// It stands still.
    case halted
    /// It runs, and `poll` looks after it.
    case running
    /// The chip does not answer, or has been without power: it has to be got hold of anew.
    case lost
  }

  /// How long one instruction may take: one that waits for an interrupt that is masked never ends.
  static let stepLimit: Duration = .milliseconds(100)

  /// How it is done; what is changed acts from the next resumption on.
  public var options: DebuggerOptions
  /// What the chip has.
  public let regions: [DebugRegion]
  /// The chip.
  public let device: Device

  let session: TargetSession
  let access: STLink
  let told: (DebuggerEvent) -> Void

  var state = State.detached
  var registers: CoreImage?
  var memory: HaltedMemory
  var breakpoints: BreakpointUnit
  var watchpoints: WatchpointUnit
  var planted: PlantedBreakpoints
  /// The breakpoints that are wanted.
  var wantedBreakpoints: Set<UInt32> = []
  /// The watchpoints that are wanted, in the order in which they were set.
  var wantedWatchpoints: [Watchpoint] = []
  /// Why the core has stopped while it was being resumed; told by the next `poll`.
  var pendingStop: StopReason?
  /// The `BKPT` of the program's own at which it stands, which it has to be put behind to go on.
  var ownInstruction: UInt32?
  /// C_MASKINTS as it is set.
  var isMasked = false
  /// What DEMCR was last told to catch; nil where the chip may hold something else.
  var armedCatches: DEMCR?
  /// Why the core stands still, by the last stop.
  public internal(set) var lastStop: StopReason = .interrupted
  /// Where it stopped last, where somebody was told of that; nil behind a step.
  var lastPlace: UInt32?
  /// The range that it is going through.
  var ranging: Range<UInt32>?
  /// The breakpoints that only mark the ways out of a range.
  var exits: Set<UInt32> = []
  var semihosting: SemihostingHost?
  /// A call whose input has not come yet, or that somebody else answers.
  var openCall: SemihostingCall?
  var silence: SilenceWatch
  var voices: DebuggerVoices
  var lastEvent: Duration
  /// Whether the chip's ability to hold FPU registers is known, and what it is.
  var knownFPU: Bool?

  init(
    _ session: TargetSession, _ access: STLink, _ device: Device, _ options: DebuggerOptions,
    told: @escaping (DebuggerEvent) -> Void
  ) {
    self.session = session
    self.access = access
    self.device = device
    self.options = options
    self.told = told
    regions = DebugRegion.all(of: device)
    memory = HaltedMemory(
      access, ranges: regions.filter(\.isMemory).map(\.range),
      flash: regions.filter { $0.isMemory && $0.kind != .readWrite }.map(\.range))
    breakpoints = BreakpointUnit(access)
    watchpoints = WatchpointUnit(access)
    planted = PlantedBreakpoints(access)
    silence = SilenceWatch { () throws(DebugError) in try access.enter() }
    voices = DebuggerVoices(access, device, told: told)
    lastEvent = access.clock.now
  }

  /// Whether the core runs under the debugger.
  public var isRunning: Bool { if case .running = state { true } else { false } }
  /// Whether the core stands still under the debugger.
  public var isHalted: Bool { if case .halted = state { true } else { false } }
  /// Whether the core is on its own.
  public var isDetached: Bool { if case .detached = state { true } else { false } }

  /// Whether loading has failed or was stopped in the middle, so that the core stays where it is.
  public var holdsHalfAProgram: Bool { session.custody.flash == .broken }

  /// The time on the clock by which the target's time passes.
  public var now: Duration { access.clock.now }

  // MARK: Taking and leaving

  /// Takes the core and stops it; one that is held already stays as it is.
  ///
  /// A chip that was without power, or did not answer, is looked for anew.
  public func attach() throws(SessionError) {
    switch state {
    case .halted: return
    case .running:
      try SessionError.wrapping { () throws(DebugError) in
        try interrupt()
        // Nobody is told of the stop but whoever has asked for it.
        _ = try poll()
      }
    case .lost: try take(isLost: true)
    case .detached: try take(isLost: false)
    }
  }

  private func take(isLost: Bool) throws(SessionError) {
    if !isLost, try wasLockedUp() {
      told(.note("the core was locked up: a fault within a fault handler, as on a chip without a program"))
    }
    try session.holdForDebugging(isLost: isLost)
    if session.canOnlyBeReset { try session.reset() }
    forgetChip()
    state = .halted
    lastStop = .interrupted
    try SessionError.wrapping { () throws(DebugError) in
      lastPlace = try image().programCounter
      try arm()
      // Marks of somebody else would stop the program where nobody asked it to.
      try breakpoints.apply([])
      try watchpoints.apply([])
      _ = try access.read(DHCSR.self)
      try access.write(DFSR.clearAll)
    }
  }

  private func wasLockedUp() throws(SessionError) -> Bool {
    do throws(DebugError) {
      return try access.read(DHCSR.self)[.lockedUp]
    } catch {
      // Whoever takes the core finds out what is the matter.
      guard error.isOfTheTarget else { throw .access(error) }
      return false
    }
  }

  /// Takes everything of the debugger's out of the chip and lets the core go on its own; every step is tried.
  ///
  /// A core whose flash holds half a program stays where it is.
  ///
  /// - Parameter isLast: whether nothing follows but the session's end, so that a request to stop is of no interest any more.
  public func detach(isLast: Bool = false) throws(SessionError) {
    if isLast { access.channel.ignoreInterruption() }
    wantedBreakpoints = []
    wantedWatchpoints = []
    exits = []
    ranging = nil
    pendingStop = nil
    // A chip that was lost stays so: whoever attaches next has to get hold of it anew.
    guard isRunning || isHalted else { return }
    try SessionError.wrapping { () throws(DebugError) in try leave() }
  }

  private func leave() throws(DebugError) {
    var failure: DebugError?
    func attempt(_ body: () throws(DebugError) -> Void) {
      do throws(DebugError) { try body() } catch { failure = failure ?? error }
    }
    attempt { () throws(DebugError) in try voices.stop() }
    if isRunning { attempt { () throws(DebugError) in try CoreControl(access).halt() } }
    attempt { () throws(DebugError) in try passOwnInstruction() }
    attempt { () throws(DebugError) in try planted.apply([]) }
    attempt { () throws(DebugError) in try breakpoints.leave() }
    attempt { () throws(DebugError) in try watchpoints.apply([]) }
    attempt { () throws(DebugError) in try session.letGoAfterDebugging() }
    semihosting?.hasBeenReset()
    forgetChip()
    openCall = nil
    state = .detached
    if let failure { throw failure }
  }

  /// What the chip holds is not known any more: it was reset, switched off, or worked on by somebody else.
  func forgetChip() {
    registers = nil
    memory.forget()
    breakpoints.forget()
    watchpoints.forget()
    planted.forget()
    armedCatches = nil
    ownInstruction = nil
    isMasked = false
  }

  /// Has the core stop at resets and at the faults that are asked for, and the DWT be there.
  func arm() throws(DebugError) {
    if let armedCatches, armedCatches == wantedCatches(armedCatches) { return }
    let control = wantedCatches(try access.read(DEMCR.self))
    try access.write(control)
    armedCatches = control
  }

  private func wantedCatches(_ control: DEMCR) -> DEMCR {
    var control = control.seeingTrace
    control[.catchReset] = true
    for fault in options.caughtFaults { control[fault.field] = true }
    return control
  }

  // MARK: Resetting

  /// Resets the chip and stops its core before the first instruction, or lets the program begin.
  public func reset(runs: Bool) throws(SessionError) {
    if case .lost = state { try attach() }
    try session.reset()
    semihosting?.hasBeenReset()
    voices.hasBeenReset()
    openCall = nil
    pendingStop = nil
    ranging = nil
    forgetChip()
    state = .halted
    lastStop = .interrupted
    try SessionError.wrapping { () throws(DebugError) in
      lastPlace = try image().programCounter
      try arm()
      _ = try access.read(DHCSR.self)
      try access.write(DFSR.clearAll)
      if runs { try resume(.run) }
    }
  }
}
