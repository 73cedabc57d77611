import Basics
import LinkInterface

/// Looks at a core and its program by reads alone, of which firmware notices nothing.
struct ProgramObserver {
  let link: STLink
  /// The supply; nil where it is not known.
  var millivolts: Int?
  /// What had reset the chip before its program began; nil where that is not known.
  var earlierResets: ResetFlags?

  /// Looks several times; a core that does not answer any more ends it.
  func look(count: Int, pause: Duration) throws(DebugError) -> ProgramEvidence {
    var evidence = ProgramEvidence()
    let core = CoreControl(link)
    do throws(DebugError) {
      let begin = link.clock.now
      evidence.status = try core.status()
      for _ in 0..<count {
        link.clock.wait(for: pause)
        let status = try core.status()
        evidence.status = status
        if status.hasBeenReset { evidence.resetCount += 1 }
      }
      evidence.lookDuration = link.clock.now - begin
      evidence.fault = try FaultReading.read(link)
    } catch {
      guard error.isOfTheTarget else { throw error }
      evidence.status = nil
    }
    return evidence
  }

  /// Adds what the flash says, where it can be read; reads little unless something is wrong.
  func complete(
    _ evidence: ProgramEvidence, _ device: Device, _ protection: ProtectionState
  ) throws(DebugError) -> ProgramEvidence {
    var evidence = evidence
    if case .level1 = protection.readProtection { evidence.isReadProtected = true }
    guard evidence.status != nil, protection.readProtection == .level0 else { return evidence }
    do throws(DebugError) {
      if evidence.timing == nil { evidence.timing = try timing(device) }
      guard evidence.readsCanBeRight else { return evidence }
      evidence.showsBootloader = try showsBootloader()
      evidence.startsFromBank2 = protection.startsFromBank2
      guard evidence.isInFault || evidence.keepsBeingReset else { return evidence }
      evidence.resetFlags = try link.read(ResetFlags.self).since(earlierResets)
      evidence.hasBreakpoints = try !Comparators.read(link, monitor: .clean).markedAddresses.isEmpty
      guard protection.codeProtectedSectors.isEmpty else { return evidence }
      if evidence.contents == nil { evidence.contents = try survey(device, protection) }
      guard case .program(let table) = evidence.contents else { return evidence }
      evidence.isEntryBlank = try link.readMemory(at: table.resetHandlerAddress & ~3, byteCount: 4)
        .allSatisfy { $0 == 0xFF }
      evidence.faultAddress = try stackedAddress(below: table.initialStackPointer, device)
    } catch {
      // What cannot be read is evidence that is missing, no more.
      guard error.isOfTheTarget else { throw error }
    }
    return evidence
  }

  /// Clock and wait states of the program, where they say that what the flash answers cannot be believed.
  private func timing(_ device: Device) throws(DebugError) -> FlashReadTiming? {
    let timing = try FlashReadTiming.read(link, device.die, millivolts: millivolts)
    if timing.verdict == .insufficient { return timing }
    if timing.isBeyondDoubt { return nil }
    // The chip is open, so that only the clock can have kept its size from being read.
    guard let register = device.sizeRegister else { return timing }
    return try link.readWord(at: MemoryMap.presumed.flashSizeWord) >> 16 == register ? nil : timing
  }

  /// What the flash holds, by the banks' own places whatever the chip shows where.
  ///
  /// Where SYSCFG has no clock, so that nothing tells, the ROM is taken to have done as BFB2 says.
  private func survey(_ device: Device, _ protection: ProtectionState) throws(DebugError) -> FlashSurvey? {
    let areSwapped = try BankSwap.isOn(over: link, map: device.sectorMap, coreStandsStill: false)
    let swap = areSwapped ?? protection.startsFromBank2 ? BankSwap(flash: device.sectorMap.range) : nil
    do throws(FlashError) {
      return try FlashSurvey.examine(
        FlashReader(access: link, observer: { _ in }, bankSwap: swap), of: device,
        startsFromBank2: areSwapped ?? protection.startsFromBank2)
    } catch {
      guard case .access(let access, _) = error.cause else { return nil }
      throw access
    }
  }

  /// Whether address 0, which shows what the chip has started, shows the system memory and not the flash (RM0090, 2.4).
  func showsBootloader() throws(DebugError) -> Bool {
    let start = try link.readMemory(at: 0, byteCount: 8)
    let flash = try link.readMemory(at: MemoryMap.presumed.flash.lowerBound, byteCount: 8)
    guard start != flash else { return false }
    return try link.readMemory(at: MemoryMap.presumed.systemMemory.range.lowerBound, byteCount: 8) == start
  }

  /// The return address of the exception frame in the stack, where there is one and only one that looks like it.
  ///
  /// The stack pointer of a running core cannot be read, so that the frame is looked for: eight words, of which the
  /// seventh is an address in the flash and the eighth an xPSR in Thumb state (ARMv7-M, B1.5.6).
  private func stackedAddress(below top: UInt32, _ device: Device) throws(DebugError) -> UInt32? {
    let count = 512
    guard let region = device.ram.first(where: { $0.range.contains(top &- 4) }) else { return nil }
    let first = max(region.range.lowerBound, top - min(top, UInt32(count))) & ~7
    let bytes = try link.readMemory(at: first, byteCount: Int(top - first) & ~3)
    var found: Set<UInt32> = []
    for offset in stride(from: 0, through: bytes.count - 32, by: 8) {
      let address = bytes.littleEndianWord(at: offset + 24)
      let status = bytes.littleEndianWord(at: offset + 28)
      guard device.sectorMap.range.contains(address), address & 1 == 0, status & 0x01F0_0000 == 0x0100_0000,
        status & 0x1FF < 112
      else { continue }
      found.insert(address)
    }
    return found.count == 1 ? found.first : nil
  }
}
