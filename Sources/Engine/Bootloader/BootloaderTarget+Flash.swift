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
    try refuse(parts)
    try refuseFileOfOtherDevice(image)
    let planner = try planner()
    do throws(PlanError) {
      return ImagePlan(flash: try planner.plan(writing: image, choices), otp: nil, options: nil)
    } catch {
      throw .plan(error)
    }
  }

  /// Works out what erasing would do; touches nothing.
  public func plan(erasing request: EraseRequest) throws(SessionError) -> FlashPlan {
    let planner = try planner()
    do throws(PlanError) {
      return try planner.plan(erasing: request)
    } catch {
      throw .plan(error)
    }
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
      throw .flash(error)
    }
  }

  /// Carries out what an image has for the flash.
  @discardableResult
  public func execute(
    _ plan: ImagePlan, verifies: Bool, permitting permissions: OptionPermissions
  ) throws(SessionError) -> FlashPlan? {
    try plan.flash.map { (flash) throws(SessionError) in try execute(flash, verifies: verifies) }
  }

  /// Compares the flash with an image by reading it.
  public func verify(_ image: FirmwareImage, with parts: ImageParts, mayReset: Bool) throws(SessionError) {
    try refuse(parts)
    try refuseFileOfOtherDevice(image)
    let limits = try limits()
    do throws(PlanError) {
      try limits.checkReadable(image)
    } catch {
      throw .plan(error)
    }
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

  private func refuse(_ parts: ImageParts) throws(SessionError) {
    if !parts.ranges.isEmpty { throw .unavailable(.byBootloader("work on option bytes and OTP out of an image")) }
  }

  private func refuseFileOfOtherDevice(_ image: FirmwareImage) throws(SessionError) {
    if let named = image.dfuDevice, let objection = bootloader.objection(to: named) { throw .plan(objection) }
  }

  private func planner() throws(SessionError) -> FlashPlanner {
    let limits = try limits()
    try SessionError.wrapping { () throws(DebugError) in try bootloader.check(limits.device.sectorMap) }
    let supply = SupplyConditions(
      millivolts: options.millivolts, hasProgrammingVoltage: options.hasProgrammingVoltage, asked: options.parallelism)
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
      method: .bootloader, contents: FlashContents(reader: reader))
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
