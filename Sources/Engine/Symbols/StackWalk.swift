/// Finds one frame after the other.
struct StackWalk {
  let program: ProgramSymbols
  let processStackPointer: UInt32?
  /// What the code of the current frame handles; nil in thread mode.
  var exception: CoreException?
  private(set) var frames: [CallStack.Frame] = []

  /// The value of the link register after reset, with which nothing can be returned to (ARMv7-M, B1.4.1).
  private static let resetLinkRegister: UInt32 = 0xFFFF_FFFF

  init(_ program: ProgramSymbols, from core: HaltedCore) {
    self.program = program
    processStackPointer = core.processStackPointer
    exception = CoreException(xPSR: core.xPSR)
  }

  /// Walks from the core's registers outwards.
  mutating func walk<E: Error>(
    from registers: UnwindRegisters, limit: Int, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallStack.End {
    guard let start = registers.programCounter else { return .failed(.lostRegister(15)) }
    return try walk(from: frame(at: start & ~1, .running, registers), limit: limit, read: read)
  }

  /// Walks from a frame outwards.
  mutating func walk<E: Error>(
    from first: CallStack.Frame, limit: Int, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallStack.End {
    var next = first
    while true {
      guard frames.count < limit else { return .limit }
      guard isProgress(to: next) else { return .loop }
      frames.append(next)
      switch try frame(above: next, read) {
      case .frame(let frame): next = frame
      case .end(let end): return end
      }
    }
  }

  enum Step {
    case frame(CallStack.Frame)
    case end(CallStack.End)
  }

  /// The frame that waits for this one to return.
  private mutating func frame<E: Error>(
    above frame: CallStack.Frame, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Step {
    if frame.origin == .taskEnd || isEntry(frame) { return .end(.outermost) }
    let address = StackWalk.lookupAddress(frame.programCounter, frame.origin)
    switch try program.callFrames.caller(of: frame.registers, at: address, read: read) {
    case .outermost: return .end(.outermost)
    case .caller(let caller): return try step(to: caller, isGuess: false, read)
    case .failed(.noInformation(let address)):
      return try self.frame(above: frame, withoutFrameInformationOf: address, read)
    case .failed(let failure): return .end(.failed(failure))
    }
  }

  /// The frame that waits for one whose function no debug information describes.
  private mutating func frame<E: Error>(
    above frame: CallStack.Frame, withoutFrameInformationOf address: UInt32,
    _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Step {
    let isBeginning = frame.origin != .caller && frame.offset == 0
    if !isBeginning,
      let outcome = try program.exceptionIndex.caller(of: frame.registers, at: address, read: read)
    {
      switch outcome {
      case .outermost: return .end(.outermost)
      // The tables are right where the function has called another one.
      case .caller(let caller): return try step(to: caller, isGuess: frame.origin != .caller, read)
      case .failed(let failure): return .end(.failed(failure))
      }
    }
    guard let guess = guess(from: frame) else { return .end(.failed(.noInformation(address))) }
    return try step(to: guess, isGuess: true, read)
  }

  /// The caller of code that the file says nothing of, if that code has not changed the link register yet.
  ///
  /// So it is after a jump to nowhere, in the handlers of start-up files in assembly, and in what calls nothing.
  private func guess(from frame: CallStack.Frame) -> UnwindRegisters? {
    guard frame.origin != .caller, let link = frame.registers.linkRegister else { return nil }
    let isPlausible =
      ExceptionFrame.Return(link) != nil || link == StackWalk.resetLinkRegister
      || link & 1 == 1 && program.followsCall(link & ~1)
    guard isPlausible else { return nil }
    var caller = frame.registers
    caller.programCounter = link
    caller.linkRegister = nil
    for number in [0, 1, 2, 3, 12] { caller[number] = nil }
    return caller
  }

  /// The frame that a return address leads to.
  private mutating func step<E: Error>(
    to caller: UnwindRegisters, isGuess: Bool, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Step {
    guard let address = caller.programCounter else {
      return try interruptedWithoutReturn(caller, read)
    }
    guard address != StackWalk.resetLinkRegister else { return .end(.outermost) }
    if let kind = ExceptionFrame.Return(address) { return try interrupted(kind, caller, read) }
    guard address & 1 == 1, program.isCode(address & ~1) else { return .end(.notCode(address)) }
    var registers = caller
    registers.programCounter = address & ~1
    let isTaskEnd =
      program.symbol(at: address & ~1)?.offset == 0 && !program.followsCall(address & ~1)
    var frame = frame(at: address & ~1, isTaskEnd ? .taskEnd : .caller, registers)
    frame.isGuess = isGuess
    return .frame(frame)
  }

  func frame(
    at address: UInt32, _ origin: CallStack.Frame.Origin, _ registers: UnwindRegisters
  ) -> CallStack.Frame {
    var frame = CallStack.Frame(
      programCounter: address, origin: origin, registers: registers, offset: 0, isGuess: false)
    let lookup = StackWalk.lookupAddress(address, origin)
    frame.location = program.line(at: lookup)
    frame.functions = program.functions(at: lookup)
    if let (symbol, _) = program.symbol(at: lookup) {
      frame.symbol = symbol
      frame.offset = address &- symbol.address
    }
    return frame
  }

  /// The address for which the file is asked: before a return address is the call.
  private static func lookupAddress(_ address: UInt32, _ origin: CallStack.Frame.Origin) -> UInt32 {
    origin == .caller ? address &- 1 : address
  }

  /// Whether a frame is of the function at which the program starts.
  private func isEntry(_ frame: CallStack.Frame) -> Bool {
    guard let entry = program.entryPoint, let symbol = frame.symbol, symbol.kind != .object else {
      return false
    }
    return symbol.address == entry
  }

  /// Whether a frame lies further out than the last one: on a stack, what was called lies below its caller.
  private func isProgress(to frame: CallStack.Frame) -> Bool {
    guard [.caller, .taskEnd].contains(frame.origin), let last = frames.last,
      let before = last.registers.stackPointer,
      let after = frame.registers.stackPointer
    else { return true }
    return after > before || after == before && frame.programCounter != last.programCounter
  }
}
