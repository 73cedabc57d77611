import Basics

// Loading a program.
extension Debugger {
  /// Writes an image to the flash, what differs of it, and leaves the core at the reset vector.
  ///
  /// - Parameter ram: what was written to RAM for the program: the flash is written by way of the RAM, and the RAM gets this
  ///   back afterwards.
  /// - Returns: what was done.
  @discardableResult
  public func load(
    _ image: FirmwareImage, keeping ram: [FirmwareImage.Segment] = []
  ) throws(SessionError) -> FlashPlan? {
    let plan = try working { () throws(SessionError) in
      let plan = try session.plan(writing: image, with: ImageParts(), permitting: OptionPermissions())
      return try plan.flash.map { (plan) throws(SessionError) in try session.execute(plan) }
    }
    try SessionError.wrapping { () throws(DebugError) in
      for segment in ram { try writeMemory(segment.bytes, at: segment.address) }
      try start(image)
    }
    return plan
  }

  /// Erases sectors of the flash.
  public func erase(_ request: EraseRequest) throws(SessionError) {
    try working { () throws(SessionError) in
      _ = try session.execute(try session.plan(erasing: request))
    }
  }

  /// Works on the flash, with the core taken for it, and leaves the core at the reset vector.
  private func working<Value>(_ body: () throws(SessionError) -> Value) throws(SessionError) -> Value {
    if case .lost = state { try attach() }
    if isRunning { try attach() }
    try SessionError.wrapping { () throws(DebugError) in
      try planted.apply([])
      try breakpoints.apply([])
      try watchpoints.apply([])
    }
    do throws(SessionError) {
      let value = try body()
      try reset(runs: false)
      return value
    } catch {
      leaveWork()
      throw error
    }
  }

  /// Brings the core to a stand after work on the flash has failed: it may still be in the loader.
  private func leaveWork() {
    forgetChip()
    do throws(DebugError) {
      try session.stopLoader()
      try CoreControl(access).halt()
    } catch {
      // What has failed is the news; whoever asks for the chip next gets hold of it anew.
      state = .lost
    }
  }

  /// Prepares registers for a program that is started at its entry and not by a reset.
  ///
  /// What the reset has set up is of the vector table at the boot address, which may be another program's.
  private func start(_ image: FirmwareImage) throws(DebugError) {
    guard let table = image.vectorTable(at: image.span.lowerBound), table.isPossible else { return }
    try access.write(VectorTableOffset(rawValue: table.address))
    try writeRegister(.mainStackPointer, table.initialStackPointer)
  }
}
