/// Memory commands: their replies carry data only, the outcome is asked for separately.
///
/// Sources: docs/simulated-probe.md, "Commands" and "Lengths".
extension STLinkFirmware {
  /// READMEM: on failure the announced number of bytes is sent all the same.
  func readMemory(_ command: CommandBlock, _ width: BusWidth, increments: Bool = true) {
    let byteCount = Int(command.halfword(at: 6))
    guard byteCount > 0 else { return takeEmptyTransfer() }
    let request = memoryAccess(command, width, increments: increments)
    do throws(MemoryFailure) {
      try check(request, byteCount, limit: width == .byte ? traits.byteTransferLimit : FirmwareTraits.bufferSize)
      try driver.read(request, byteCount: byteCount, into: &buffer.bytes)
      access = AccessRecord()
    } catch {
      record(error)
    }
    guard !isHung else { return }
    clock.advance(by: driver.timing.dataByte * UInt64(byteCount))
    // A single byte comes with the one behind it in the buffer.
    send(width == .byte ? max(2, byteCount) : byteCount)
  }

  /// WRITEMEM: the data follow.
  func writeMemory(_ command: CommandBlock, _ width: BusWidth, increments: Bool = true) {
    let byteCount = Int(command.halfword(at: 6))
    guard byteCount > 0 else { return takeEmptyTransfer() }
    let request = memoryAccess(command, width, increments: increments)
    var purpose = DataPurpose.memory(BlockWrite(request))
    access = AccessRecord()
    do throws(MemoryFailure) {
      try check(request, byteCount, limit: writeLimit(width))
    } catch {
      record(error)
      purpose = .nothing
    }
    guard !isHung else { return }
    dataPhase = DataPhase(purpose: purpose, remaining: byteCount)
  }

  /// GETLASTRWSTATUS: the status of the last memory command.
  func getAccessStatus() {
    sendRecord([access.status.rawValue, 0])
  }

  /// GETLASTRWSTATUS2: the same with the address that failed.
  ///
  /// Reading it does not clear it.
  func getAccessRecord() {
    let address = (0..<4).map { UInt8(truncatingIfNeeded: access.address >> (8 * UInt32($0))) }
    sendRecord([access.status.rawValue, 0, 0, 0] + address + [0, 0, 0, 0])
  }

  /// Takes a packet of an OUT data phase.
  func receiveData(_ bytes: [UInt8], _ range: Range<Int>) {
    guard var phase = dataPhase else { return }
    dataPhase = nil
    let taken = range.lowerBound..<min(range.upperBound, range.lowerBound + phase.remaining)
    phase.remaining -= taken.count
    clock.advance(by: driver.timing.dataByte * UInt64(taken.count) + driver.timing.dataPacketPause)
    switch phase.purpose {
    case .memory(var block):
      buffer.write(bytes[taken])
      let isWritten = write(bytes, taken, to: &block, &phase)
      phase.purpose = isWritten ? .memory(block) : .nothing
    case .list(let itemCount):
      phase.carry += bytes[taken]
      if phase.remaining == 0 { runList(phase.carry, itemCount: itemCount) }
    case .nothing:
      buffer.write(bytes[taken])
    }
    if phase.remaining > 0 { dataPhase = phase }
  }

  /// Writes what a packet brought, with what the one before it left over.
  ///
  /// - Returns: whether the block is to go on.
  private func write(
    _ bytes: [UInt8], _ range: Range<Int>, to block: inout BlockWrite, _ phase: inout DataPhase
  ) -> Bool {
    let step = Int(block.access.width.rawValue)
    do throws(MemoryFailure) {
      if phase.carry.isEmpty, range.count % step == 0 {
        try driver.write(bytes, range, to: &block)
      } else {
        let units = phase.carry + bytes[range]
        let whole = units.count / step * step
        try driver.write(units, 0..<whole, to: &block)
        phase.carry = Array(units[whole...])
      }
      if phase.remaining == 0 { try driver.finish(block) }
      return true
    } catch {
      record(error)
      return false
    }
  }

  /// Reads the parameters of a memory command; port and CSW are ignored by versions that lack them.
  private func memoryAccess(_ command: CommandBlock, _ width: BusWidth, increments: Bool) -> MemoryAccess {
    var request = MemoryAccess(address: command.word(at: 2), width: width, increments: increments)
    guard profile.version.has(.listsAndBanks) else { return request }
    request.port = command[8]
    let control = command.word(at: 8) & 0xFFFF_FF00
    if control != 0 { request.control = control }
    return request
  }

  /// The longest write: 32-bit data are used up packet by packet, so only the length field limits them.
  private func writeLimit(_ width: BusWidth) -> Int {
    switch width {
    case .byte: traits.byteTransferLimit
    case .halfword: FirmwareTraits.bufferSize
    case .word: Int(UInt16.max)
    }
  }

  /// Refuses what the firmware itself cannot do, before anything moves on the wire.
  private func check(_ request: MemoryAccess, _ byteCount: Int, limit: Int) throws(MemoryFailure) {
    do throws(ProbeStatus) {
      try requireLink()
      let mask = request.width.rawValue - 1
      guard request.address & mask == 0, UInt32(byteCount) & mask == 0 else { throw .alignment }
      guard byteCount <= limit else { throw excess(request.width) }
      try checkPortNumber(UInt16(request.port))
      let isOpen = openPorts.contains(request.port)
      guard isOpen || !profile.refusesUnopenedPorts || !profile.version.has(.openPortsOnly) else {
        throw .badAccessPort
      }
    } catch {
      throw MemoryFailure(status: error, address: request.address)
    }
  }

  private func excess(_ width: BusWidth) -> ProbeStatus {
    if width == .byte, traits.byteTransferExcess == .crash { hang() }
    return .commandError
  }

  private func record(_ failure: MemoryFailure) {
    access = AccessRecord(status: targetStatus(failure.status), address: failure.address)
  }

  /// A length of zero: V3 waits for ever for a data phase that cannot come.
  private func takeEmptyTransfer() {
    if traits.quirks.contains(.hangsOnEmptyTransfer) { hang() }
  }
}
