/// What a host does to the core, packet by packet (RM0090, 34.17).
extension OnTheGoController {
  /// How the core answers what a host has sent.
  enum Handshake: Equatable {
    case acknowledge, notReady, stall
    /// Nothing: there is no such endpoint or address, no clock, or no room for what must not be refused.
    case silence
  }

  /// How the core answers when a host asks for data.
  enum InputAnswer: Equatable {
    case data([UInt8], isData1: Bool)
    case notReady, stall, silence
  }

  /// Whether packets reach the core at an address.
  private func hears(_ address: UInt32) -> Bool {
    isPulledUp && hasClock && !isSuspended && address == self.address
  }

  // MARK: Bus states

  /// The host holds the bus in reset.
  func beginReset() {
    guard isPulledUp, hertz > 0 else { return }
    flags |= Interrupt.reset
    (isSuspended, hasSpeed, isSetupOpen, isControlOpen) = (false, false, false, false)
    (address, frame) = (0, 0)
    registers[Register.deviceConfiguration] &= ~(0x7F << 4)
    for number in inputs.indices.dropFirst() {
      inputs[number].control &= ~OnTheGoEndpoint.Control.isActive
      outputs[number].control &= ~OnTheGoEndpoint.Control.isActive
    }
    updateInterrupt()
  }

  /// The reset is over, and the speed is known.
  func endReset() {
    guard isPulledUp, hertz > 0 else { return }
    flags |= Interrupt.enumerated
    hasSpeed = true
    updateInterrupt()
  }

  /// A frame begins.
  func startFrame(_ number: UInt32) {
    guard isPulledUp, hasClock else { return }
    frame = number & 0x3FFF
    flags |= Interrupt.startOfFrame
    updateInterrupt()
  }

  /// The bus has been idle for 3 ms, and for as long again (RM0090, 34.6.2).
  func noteIdle(isConfirmed: Bool) {
    guard isPulledUp else { return }
    flags |= isConfirmed ? Interrupt.suspend : Interrupt.earlySuspend
    if isConfirmed { isSuspended = true }
    updateInterrupt()
  }

  /// The host wakes the bus up.
  func resume() {
    guard isSuspended else { return }
    isSuspended = false
    flags |= Interrupt.wakeUp
    wakeUpRequest.drive(true)
    updateInterrupt()
  }

  // MARK: Packets

  /// SETUP with its eight bytes: never refused (USB 2.0, 8.4.6.4).
  func setup(_ bytes: [UInt8], at address: UInt32) -> Handshake {
    guard hears(address), hasRoom(for: bytes.count) else { return .silence }
    received.push(.setup, endpoint: 0, isData1: false, frame: frame, bytes)
    if outputs[0].upperCount > 0 { outputs[0].upperCount -= 1 }
    for isInput in [false, true] {
      change(isInput) {
        $0.control &= ~OnTheGoEndpoint.Control.stall
        $0.control |= OnTheGoEndpoint.Control.answersNAK
        $0.isData1 = true
      }
    }
    (isSetupOpen, isControlOpen) = (true, true)
    updateOutput(0)
    return .acknowledge
  }

  private func change(_ isInput: Bool, _ body: (inout OnTheGoEndpoint) -> Void) {
    if isInput { body(&inputs[0]) } else { body(&outputs[0]) }
  }

  /// The first packet behind SETUP tells software that there is no more of that.
  private func closeSetup() {
    guard isSetupOpen else { return }
    isSetupOpen = false
    received.push(.setupDone, endpoint: 0, isData1: false, frame: frame)
    updateInterrupt()
  }

  /// Data for an endpoint.
  func output(_ bytes: [UInt8], isData1: Bool, to number: Int, at address: UInt32) -> Handshake {
    guard hears(address), outputs.indices.contains(number), outputs[number].isActive else { return .silence }
    if number == 0 { closeSetup() }
    if outputs[number].isStalled { return .stall }
    guard outputs[number].isEnabled else {
      outputs[number].flags |= OnTheGoEndpoint.Flag.tokenWhileDisabled
      updateOutput(number)
      return .notReady
    }
    guard !outputs[number].answersNAK, outputs[number].packetCount > 0,
      registers[Register.deviceControl] & DeviceControl.outputNAK == 0, hasRoom(for: bytes.count)
    else { return .notReady }
    guard bytes.count <= outputs[number].packetSize || number == 0 else { return .silence }
    // One that has been there already is taken for a repetition.
    guard isData1 == outputs[number].isData1 else { return .acknowledge }
    take(bytes, to: number)
    return .acknowledge
  }

  private func take(_ bytes: [UInt8], to number: Int) {
    let isData1 = outputs[number].isData1
    received.push(.data, endpoint: number, isData1: isData1, frame: frame, bytes)
    outputs[number].isData1.toggle()
    outputs[number].byteCount -= min(UInt32(bytes.count), outputs[number].byteCount)
    outputs[number].packetCount -= 1
    // Endpoint 0 has the size of its packets in DIEPCTL0 (RM0090, 34.16.4).
    let packetSize = number == 0 ? inputs[0].packetSize : outputs[number].packetSize
    if outputs[number].packetCount == 0 || bytes.count < packetSize {
      received.push(.transferDone, endpoint: number, isData1: isData1, frame: frame)
      outputs[number].control &= ~OnTheGoEndpoint.Control.enable
      outputs[number].control |= OnTheGoEndpoint.Control.answersNAK
    }
    // An empty packet from the host ends a request that reads.
    if number == 0, bytes.isEmpty { endControl() }
    updateInterrupt()
  }

  /// A host asks an endpoint for data, and takes them.
  func input(from number: Int, at address: UInt32) -> InputAnswer {
    guard hears(address), inputs.indices.contains(number), inputs[number].isActive else { return .silence }
    if number == 0 { closeSetup() }
    if inputs[number].isStalled { return .stall }
    guard inputs[number].isEnabled, !inputs[number].answersNAK,
      registers[Register.deviceControl] & DeviceControl.inputNAK == 0
    else { return .notReady }
    guard inputs[number].packetCount > 0, inputs[number].hasPacket else {
      inputs[number].flags |= OnTheGoEndpoint.Flag.tokenWhileEmpty
      updateInput(number)
      return .notReady
    }
    let isData1 = inputs[number].isData1
    let bytes = inputs[number].takePacket()
    inputs[number].isData1.toggle()
    inputs[number].packetCount -= 1
    if inputs[number].packetCount == 0 {
      inputs[number].flags |= OnTheGoEndpoint.Flag.complete
      inputs[number].control &= ~OnTheGoEndpoint.Control.enable
    }
    // An empty packet to the host ends a request that writes.
    if number == 0, bytes.isEmpty { endControl() }
    updateInput(number)
    return .data(bytes, isData1: isData1)
  }

  private func endControl() {
    isControlOpen = false
    address = registers[Register.deviceConfiguration] >> 4 & 0x7F
  }

  /// Whether the receive FIFO takes a packet, and the word behind it that says that it was the last.
  private func hasRoom(for byteCount: Int) -> Bool {
    received.count + ReceiveFIFO.wordCount(ofPacket: byteCount) + 1 <= Int(registers[Register.receiveSize] & 0xFFFF)
  }
}
