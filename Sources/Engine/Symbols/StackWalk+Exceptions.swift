// How a call stack goes on from a handler to what it has interrupted.

extension StackWalk {
  /// The frame that an exception has interrupted.
  mutating func interrupted<E: Error>(
    _ kind: ExceptionFrame.Return, _ handler: UnwindRegisters, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Step {
    guard let address = kind.usesProcessStack ? processStackPointer : handler.stackPointer else {
      return .end(.failed(.lostRegister(13)))
    }
    switch try ExceptionFrame.read(at: address, kind, read: read) {
    case .success(let stacked): return .frame(interrupted(stacked, handler))
    case .failure(let failure): return .end(.failed(failure))
    }
  }

  private mutating func interrupted(_ stacked: ExceptionFrame, _ handler: UnwindRegisters)
    -> CallStack.Frame
  {
    var registers = handler
    for (number, value) in stacked.arguments.enumerated() { registers[number] = value }
    registers[12] = stacked.r12
    registers.stackPointer = stacked.stackPointer
    registers.linkRegister = stacked.linkRegister
    registers.programCounter = stacked.returnAddress
    let frame = frame(at: stacked.returnAddress, .interrupted(by: exception, stacked), registers)
    exception = CoreException(xPSR: stacked.xPSR)
    return frame
  }

  /// The frame that an exception has interrupted whose handler has not kept EXC_RETURN, because it does not return.
  ///
  /// The handler's stack pointer is that of the main stack as the exception found it; what kind of frame lies where is
  /// found by what a frame holds, and by which one leads further.
  mutating func interruptedWithoutReturn<E: Error>(
    _ handler: UnwindRegisters, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Step {
    guard let exception else { return .end(.failed(.lostRegister(14))) }
    var best: (walk: StackWalk, frame: CallStack.Frame, isWhole: Bool, frameCount: Int)?
    for value: UInt32 in [0xFFFF_FFF9, 0xFFFF_FFE9, 0xFFFF_FFFD, 0xFFFF_FFED] {
      guard let kind = ExceptionFrame.Return(value),
        let address = kind.usesProcessStack ? processStackPointer : handler.stackPointer,
        case .success(let stacked) = try ExceptionFrame.read(at: address, kind, read: read),
        isPlausible(stacked, in: exception)
      else { continue }
      var walk = self
      var frame = walk.interrupted(stacked, handler)
      frame.isGuess = true
      let start = walk
      let end = try walk.walk(from: frame, limit: frames.count + StackWalk.lookAhead, read: read)
      let isWhole = end == .outermost
      if let best, (best.isWhole ? 1 : 0, best.frameCount) >= (isWhole ? 1 : 0, walk.frames.count) {
        continue
      }
      best = (start, frame, isWhole, walk.frames.count)
    }
    guard let best else { return .end(.failed(.lostRegister(14))) }
    self = best.walk
    return .frame(best.frame)
  }

  /// How many frames are looked at to tell one kind of exception frame from another.
  private static var lookAhead: Int { 16 }

  /// Whether words may be an exception's frame: Thumb code in the program that is not the same exception.
  private func isPlausible(_ frame: ExceptionFrame, in exception: CoreException) -> Bool {
    // The Thumb bit, and bits that read as zero (ARMv7-M, B1.4.2).
    let (thumb, zero): (UInt32, UInt32) = (1 << 24, 0x00F0_0000)
    return frame.xPSR & thumb != 0 && frame.xPSR & zero == 0
      && CoreException(xPSR: frame.xPSR) != exception && program.isCode(frame.returnAddress)
  }
}
