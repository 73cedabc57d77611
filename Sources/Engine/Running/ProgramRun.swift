import Basics
import LinkInterface

/// Lets a program run, listens to it, answers its semihosting calls, and notices how it ends.
///
/// The core runs with halting debug on, so that `BKPT` and a caught fault halt it; a program that is only listened to, without
/// semihosting and caught faults, notices nothing. Whoever begins a run ends it by
/// `finish`, which takes out what was put into the chip.
final class ProgramRun {
  /// How long after something has happened the core is looked at without a pause.
  private static let attention: Duration = .milliseconds(20)
  /// The longest pause between two looks.
  private static let longestPause: Duration = .milliseconds(10)
  /// How long the beginning of a line is kept back.
  private static let lineAge: Duration = .milliseconds(100)
  /// How often the mark is looked at by which a reset shows itself.
  private static let markPeriod: Duration = .milliseconds(20)

  let access: any DebugAccess
  let device: Device
  let options: RunOptions
  let told: (RunEvent) -> Void
  /// What had reset the chip before, by RCC_CSR; nil where it could not be read.
  private var knownResets: ResetFlags?
  private var silence: SilenceWatch
  private var started: Duration

  private let semihosting: SemihostingHost?
  private let rtt: RTTVoice?
  private let serial: SerialVoice?
  private let voices: [any ProgramVoice]
  private var lines = OutputLines()
  /// Addresses of semihosting instructions, which do not change while the program runs.
  private var knownCalls: Set<UInt32> = []
  private var lastEvent: Duration
  private var lastLookAtMark = Duration.zero
  /// The registers with which a call has to be made again when its input is there.
  private var waiting: (operation: UInt32, parameter: UInt32, place: UInt32)?

  /// Prepares a run; nothing of the chip is touched.
  ///
  /// - Parameters:
  ///   - reconnect: gets the debug port of a target back that did not answer.
  ///   - otherVoices: voices beside those that the options ask for.
  init(
    _ access: any DebugAccess, _ device: Device, _ options: RunOptions, earlierResets: ResetFlags?,
    reconnect: @escaping () throws(DebugError) -> Void, otherVoices: [any ProgramVoice] = [],
    told: @escaping (RunEvent) -> Void
  ) throws(DebugError) {
    self.access = access
    self.device = device
    self.options = options
    self.told = told
    knownResets = earlierResets
    silence = SilenceWatch(reconnect: reconnect)
    let ram = device.ram.map(\.range)
    semihosting = options.semihosting.map { files in
      SemihostingHost(
        access, readable: ram + [device.sectorMap.range], writable: ram, files: files,
        commandLine: Array(options.commandLine.utf8))
    }
    rtt = options.rtt.map { RTTVoice(access, ram: ram, options: $0, told: told) }
    serial = try options.serial.map { (line) throws(DebugError) in try SerialVoice(line) }
    var voices: [any ProgramVoice] = []
    if let rtt { voices.append(rtt) }
    if let serial { voices.append(serial) }
    self.voices = voices + otherVoices
    started = access.clock.now
    lastEvent = started
  }

  /// How many semihosting calls were answered.
  var semihostingCallCount: Int { semihosting?.callCount ?? 0 }

  /// How long the program has run.
  var duration: Duration { access.clock.now - started }

  /// Lets the program go from its reset vector, or lets one go on that was only looked at, and listens until it ends.
  ///
  /// - Parameter isHalted: whether the core stands still, at its reset vector.
  func run(isHalted: Bool) throws(DebugError) -> ProgramEnd {
    if isHalted { try rtt?.clearStaleBlocks() } else { try tellOfFault() }
    if options.takesHalts { try markCore() }
    _ = try access.read(DHCSR.self)
    started = access.clock.now
    lastEvent = started
    if options.takesHalts {
      try access.write(DFSR.clearAll)
      // The same write lets a halted core go, and does nothing to one that runs.
      try access.write(DHCSR.request())
    }
    while true {
      let end: ProgramEnd?
      do throws(DebugError) {
        end = try turn()
        silence.end()
      } catch {
        guard error.isOfTheTarget else {
          if error == .interrupted { return .interrupted }
          throw error
        }
        end = try endOfSilence(error)
      }
      if let end {
        drain()
        return end
      }
    }
  }

  /// Says when the program that is to be listened to is in a fault handler already.
  private func tellOfFault() throws(DebugError) {
    let fault = try FaultReading.read(access)
    guard let handler = fault.handler else { return }
    told(.warning("the program is in its \(handler) handler" + (fault.reason.map { ": \($0)" } ?? "")))
  }

  private func report() throws(DebugError) -> FaultReport {
    try FaultReport.read(access, stacks: device.ram.map(\.range), symbols: options.symbols)
  }

  /// Takes out what was put into the chip; every step is tried.
  func finish() throws(DebugError) {
    var failure: DebugError?
    for voice in voices {
      do throws(DebugError) { try voice.finish() } catch { failure = failure ?? error }
    }
    semihosting?.hasBeenReset()
    if let failure { throw failure }
  }

  /// What the user should know of the voices.
  var remarks: [String] {
    var remarks = voices.flatMap(\.remarks)
    if let unknown = semihosting?.unknownOperations, !unknown.isEmpty {
      let numbers = unknown.sorted().map { Hexadecimal.digits($0, width: 2) }.joined(separator: ", ")
      remarks.append("semihosting operations that there are not, answered with an error: \(numbers)")
    }
    return remarks
  }

  // MARK: One turn

  private func turn() throws(DebugError) -> ProgramEnd? {
    let dhcsr = try access.read(DHCSR.self)
    var isBusy = false
    let wasReset = dhcsr[.reset] ? true : try hasLostMark()
    if wasReset {
      if let end = try noteReset() { return end }
      isBusy = true
    } else if options.takesHalts, !dhcsr[.debugEnable] {
      return .lostPower(millivolts: try access.targetMillivolts())
    } else if dhcsr[.halted], options.takesHalts {
      if let end = try answerHalt() { return end }
      isBusy = waiting == nil
    } else if dhcsr[.lockedUp] {
      // It executes nothing any more that could notice.
      try CoreControl(access).halt()
      return .lockedUp(try report())
    }
    if let end = try listen(&isBusy) { return end }
    try passInput()
    return try endOfTime(isAsleep: dhcsr[.sleeping]) ?? pause(after: isBusy)
  }

  /// Fetches what the voices have; whether that was anything.
  private func listen(_ isBusy: inout Bool) throws(DebugError) -> ProgramEnd? {
    for voice in voices {
      for output in try voice.poll(atOnce: false) {
        isBusy = true
        if let end = take(output) { return end }
      }
    }
    for line in lines.takeUnfinished(olderThan: ProgramRun.lineAge, at: duration) { told(.line(line)) }
    return nil
  }

  /// Tells what the program has said, and whether that ends the run.
  private func take(_ output: ProgramOutput) -> ProgramEnd? {
    told(.output(output))
    var end: ProgramEnd?
    for line in lines.add(output, at: duration) {
      told(.line(line))
      end = end ?? verdict(on: line)
    }
    if end == nil, !options.watches.isEmpty {
      // A prompt has no end of line.
      let begun = lines.begun(output.source)
      if !begun.isEmpty { end = verdict(on: OutputLine(output.source, begun, at: duration, isComplete: false)) }
    }
    return end
  }

  /// Failure first: a line that says both says that something is wrong.
  private func verdict(on line: OutputLine) -> ProgramEnd? {
    guard !options.watches.isEmpty else { return nil }
    let text = line.text
    for meaning in [OutputWatch.Meaning.failure, .success] {
      guard let watch = options.watches.first(where: { $0.meaning == meaning && $0.isIn(text) }) else { continue }
      return meaning == .failure ? .failed(line, text: watch.text) : .said(line, text: watch.text)
    }
    return nil
  }

  private func passInput() throws(DebugError) {
    guard let files = options.semihosting, options.inputTaker == .rtt || options.inputTaker == .serial else { return }
    guard let bytes = files.readInput(atMost: 256, isAwaited: false), !bytes.isEmpty else { return }
    if options.inputTaker == .rtt { rtt?.send(bytes) } else { try serial?.send(bytes) }
  }

  private func endOfTime(isAsleep: Bool) throws(DebugError) -> ProgramEnd? {
    guard let limit = options.timeLimit, duration >= limit else { return nil }
    guard options.takesHalts else { return .timedOut(limit, at: nil) }
    // What it says last comes before it is halted, and it is looked at where it stands.
    try CoreControl(access).halt()
    var place = try report()
    place.wasAsleep = isAsleep
    return .timedOut(limit, at: place)
  }

  private func pause(after isBusy: Bool) -> ProgramEnd? {
    let now = access.clock.now
    if isBusy { lastEvent = now }
    let quiet = now - lastEvent
    if quiet > ProgramRun.attention {
      var pause = min(ProgramRun.longestPause, quiet / 16)
      if let limit = options.timeLimit { pause = min(pause, max(.zero, limit - duration)) }
      access.clock.wait(for: pause)
    }
    return nil
  }

  // MARK: The end

  /// Fetches what the program has said last, after the core has stopped.
  private func drain() {
    // What cannot be fetched any more is lost with the program; how it ended stays the news.
    for voice in voices {
      while let outputs = try? voice.poll(atOnce: true), !outputs.isEmpty {
        for output in outputs { _ = take(output) }
      }
    }
    for line in lines.takeUnfinished(olderThan: .zero, at: duration) { told(.line(line)) }
  }

  /// Puts a mark into DEMCR that a reset takes away, and catches hard faults where that is asked for.
  ///
  /// S_RESET_ST alone does not tell of every reset: it falls with the first read of DHCSR, and programs read it to see
  /// whether a debugger is there.
  private func markCore() throws(DebugError) {
    var monitor = try access.read(DEMCR.self)
    if options.catchesFaults { monitor[.catchHardFault] = true }
    monitor[.monitorRequest] = true
    try access.write(monitor)
    lastLookAtMark = access.clock.now
  }

  /// Whether the mark is gone; looked at now and then, and after accesses have failed.
  private func hasLostMark() throws(DebugError) -> Bool {
    let now = access.clock.now
    guard options.takesHalts, silence.since != nil || now - lastLookAtMark > ProgramRun.markPeriod else { return false }
    lastLookAtMark = now
    let monitor = try access.read(DEMCR.self)
    if monitor[.monitorRequest] { return false }
    // A reset leaves the catches. Where they are gone too, the program has written DEMCR, as many do to start CYCCNT.
    if monitor[.catchHardFault] { return options.catchesFaults }
    try markCore()
    return false
  }

  private func endOfSilence(_ error: DebugError) throws(DebugError) -> ProgramEnd? {
    switch try silence.note(access) {
    case .goOn: return nil
    case .lostPower(let millivolts): return .lostPower(millivolts: millivolts)
    case .silent: throw error
    }
  }

  private func noteReset() throws(DebugError) -> ProgramEnd? {
    _ = try CoreControl(access).poll("the core to come out of reset", within: .seconds(2), toleratesStatus: true) {
      !$0[.reset]
    }
    let now = try access.read(ResetFlags.self)
    let flags = now.since(knownResets)
    knownResets = now
    voices.forEach { $0.hasBeenReset() }
    semihosting?.hasBeenReset()
    waiting = nil
    if options.resetMeaning == .end { return .reset(flags) }
    if options.takesHalts { try markCore() }
    told(.reset(flags))
    return nil
  }

  // MARK: Halts

  /// Answers a semihosting call; any other halt ends the run.
  private func answerHalt() throws(DebugError) -> ProgramEnd? {
    if let waiting { return try answer(waiting.operation, waiting.parameter, at: waiting.place) }
    let place = try access.readCoreRegister(.programCounter)
    guard try isCall(at: place) else { return try endOfHalt() }
    guard semihosting != nil else { return try endOfHalt() }
    let operation = try access.readCoreRegister(.general(0))
    let parameter = try access.readCoreRegister(.general(1))
    return try answer(operation, parameter, at: place)
  }

  private func endOfHalt() throws(DebugError) -> ProgramEnd {
    let reasons = HaltReason.all(in: try access.read(DFSR.self))
    return reasons.contains(.vectorCatch) ? .faulted(try report()) : .halted(try report())
  }

  private func isCall(at place: UInt32) throws(DebugError) -> Bool {
    if knownCalls.contains(place) { return true }
    guard device.sectorMap.range.contains(place) || device.ram.contains(where: { $0.range.contains(place) }) else {
      return false
    }
    let instruction = try access.readMemory(at: place, byteCount: 2).littleEndianHalfword(at: 0)
    guard instruction == SemihostingHost.instruction else { return false }
    if device.sectorMap.range.contains(place) { knownCalls.insert(place) }
    return true
  }

  private func answer(
    _ operation: UInt32, _ parameter: UInt32, at place: UInt32
  ) throws(DebugError) -> ProgramEnd? {
    guard let semihosting else { return nil }
    let outcome = try semihosting.answer(operation, parameter)
    var end: ProgramEnd?
    for output in semihosting.takeOutput() {
      let said =
        switch output {
        case .standard(let bytes): ProgramOutput(.semihosting, bytes)
        case .error(let bytes): ProgramOutput(.semihostingError, bytes)
        }
      end = take(said) ?? end
    }
    switch outcome {
    case .waits:
      waiting = (operation, parameter, place)
      return end
    case .ends(let exit): return .exited(exit)
    case .returns(let value):
      waiting = nil
      try goOn(behind: place, returning: value)
      return end
    }
  }

  /// Lets a program go on behind the instruction of a call.
  private func goOn(behind place: UInt32, returning value: UInt32) throws(DebugError) {
    try access.writeCoreRegister(.general(0), value)
    try access.writeCoreRegister(.programCounter, place &+ 2)
    try access.write(DHCSR.request())
  }

  /// Puts a core that stands at a call behind it, so that it can run without a debugger.
  func stepOverCall() throws(DebugError) {
    guard options.takesHalts, try access.read(DHCSR.self)[.halted] else { return }
    let place = try access.readCoreRegister(.programCounter)
    guard try isCall(at: place) else { return }
    try access.writeCoreRegister(.general(0), .max)
    try access.writeCoreRegister(.programCounter, place &+ 2)
  }
}
