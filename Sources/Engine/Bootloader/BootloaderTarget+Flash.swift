import Basics
import Failures
import LinkInterface

// Planning, erasing, programming, comparing and reading.
extension BootloaderTarget {
  /// Works out what writing an image would do; reads the chip where it must.
  public func plan(
    writing image: FirmwareImage, with parts: ImageParts, _ choices: PlanOptions,
    permitting permissions: OptionPermissions?
  ) throws(SessionError) -> ImagePlan {
    try refuseFileOfOtherDevice(image)
    let otp = try planOTP(of: image, parts)
    let inFlash = image.part(outside: parts.ranges)
    let assignments = try assignments(of: image, parts)
    let options = assignments.isEmpty ? nil : try plan(changing: assignments)
    if let options, inFlash != nil { try checkAfterWriting(options) }
    if let permissions { try check(otp, options, permissions) }
    let flash = try inFlash.map { (image) throws(SessionError) in try plan(writing: image, choices) }
    return ImagePlan(flash: flash, otp: otp, options: options)
  }

  private func plan(writing image: FirmwareImage, _ choices: PlanOptions) throws(SessionError) -> FlashPlan {
    let planner = try planner()
    let plan: FlashPlan
    do throws(PlanError) {
      plan = try planner.plan(writing: image, choices)
    } catch {
      throw .plan(error)
    }
    try SessionError.wrapping { () throws(DebugError) in try bootloader.check(plan) }
    return plan
  }

  /// Works out what erasing would do; touches nothing.
  public func plan(erasing request: EraseRequest) throws(SessionError) -> FlashPlan {
    let planner = try planner()
    let plan: FlashPlan
    do throws(PlanError) {
      plan = try planner.plan(erasing: request)
    } catch {
      throw .plan(error)
    }
    try SessionError.wrapping { () throws(DebugError) in try bootloader.check(plan) }
    return plan
  }

  /// Carries out a plan of this target; an empty one does nothing at all.
  @discardableResult
  public func execute(_ plan: FlashPlan, verifies: Bool) throws(SessionError) -> FlashPlan {
    let device = try openDevice()
    if plan.isEmpty { return plan }
    try tellSupply(plan.parallelism, device)
    let worker = BootloaderProgrammer(bootloader: bootloader, reader: reader, verifies: verifies)
    do throws(FlashError) {
      try Programmer(clock: bootloader.clock, worker: worker, observer: observer).execute(plan, verifies: verifies)
      note(.changed)
      return plan
    } catch {
      if error.leavesFlashIncomplete { note(.broken) }
      throw .flash(explained(error, of: plan, device))
    }
  }

  /// The same error with what a known fault of the bootloader has to do with it.
  private func explained(_ error: FlashError, of plan: FlashPlan, _ device: Device) -> FlashError {
    guard case .dfu(let description)? = link, plan.erasedSectors.contains(where: { $0.bank == 2 }),
      description.identifier != nil, description.identifier == device.die.bootloader.identifierWithoutSecondBank
    else { return error }
    var error = error
    error.advice.insert(
      """
      This bootloader (0x70) does not erase the second bank on USB (AN2606, known limitations): erase everything, or work by a \
      serial port or a probe
      """, at: 0)
    return error
  }

  /// Compares the chip with an image by reading it, with the parts of the image that are asked for.
  public func verify(_ image: FirmwareImage, with parts: ImageParts, mayReset: Bool) throws(SessionError) {
    try refuseFileOfOtherDevice(image)
    if let inFlash = image.part(outside: parts.ranges) {
      let limits = try limits()
      do throws(PlanError) { try limits.checkReadable(inFlash) } catch { throw .plan(error) }
      try compare(inFlash)
    }
    if parts.includesOTP, let otp = image.part(in: [MemoryMap.presumed.otp.range]) {
      _ = try readOTP()
      try compare(otp)
    }
    try compareOptions(of: image, parts)
  }

  private func compare(_ image: FirmwareImage) throws(SessionError) {
    let blocks = image.segments.map { FlashBlock(address: $0.address, bytes: $0.bytes) }
    var progress = PhaseProgress(
      .verifying, total: image.totalByteCount, clock: bootloader.clock, observer: observer)
    do throws(FlashError) {
      try Verifier(reader: reader, context: .standingAlone).verify(blocks) { progress.advance(by: $0) }
    } catch {
      throw .flash(error)
    }
    progress.finish()
  }

  /// Reads any range of addresses that the bootloader shows.
  public func read(address: UInt32, byteCount: Int) throws(SessionError) -> [UInt8] {
    let limits = try limits()
    let range: ClosedRange<UInt32>
    do throws(PlanError) {
      range = try limits.checkReadable(address: address, byteCount: byteCount)
    } catch {
      throw .plan(error)
    }
    do throws(FlashError) {
      return try reader.read(range, phase: .reading)
    } catch {
      throw .flash(error)
    }
  }

  // MARK: - Parts

  private func refuseFileOfOtherDevice(_ image: FirmwareImage) throws(SessionError) {
    if let named = image.dfuDevice, let objection = bootloader.objection(to: named) { throw .plan(objection) }
  }

  private func planner() throws(SessionError) -> FlashPlanner {
    let limits = try limits()
    try SessionError.wrapping { () throws(DebugError) in try bootloader.check(limits.device.sectorMap) }
    // Where nothing but a look at a layout has told which chip it is, its supply is not concluded from that.
    let implied = isPresumed ? nil : bootloader.leastMillivolts(of: limits.device.die)
    let supply = SupplyConditions(
      millivolts: options.millivolts ?? implied, hasProgrammingVoltage: options.hasProgrammingVoltage,
      asked: options.parallelism)
    let (parallelism, warning): (Parallelism, Advice?)
    do throws(FlashError) {
      (parallelism, warning) = try supply.parallelism()
    } catch {
      throw .flash(error)
    }
    // A bootloader never knows the voltage: that it goes on byte by byte is what everybody expects.
    if let warning { observer(options.parallelism == nil ? .note(warning) : .warning(warning)) }
    return FlashPlanner(
      limits: limits, parallelism: parallelism, timing: bootloader.timing,
      method: .bootloader,
      contents: FlashContents(
        reader: reader, firstLookByteCount: bootloader.firstLookByteCount, pieceByteCount: bootloader.blockByteCount))
  }

  /// Tells the bootloader how wide it may work; without that it works byte by byte, at any supply.
  private func tellSupply(_ parallelism: Parallelism, _ device: Device) throws(SessionError) {
    let range: UInt8? =
      switch parallelism {
      case .x8: nil
      case .x16: 1
      case .x32: 3
      case .x64: 4
      }
    guard let range else { return }
    do throws(DebugError) {
      try bootloader.write([range, 0xFF, 0xFF, 0xFF], at: device.die.family.bootloaderSupplyWord, taking: .zero)
    } catch {
      guard error.fault?.kind == .refused else { throw .access(error) }
      observer(.warning("the bootloader does not take what the supply is: it works byte by byte"))
    }
  }
}
