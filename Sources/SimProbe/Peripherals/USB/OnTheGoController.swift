/// USB OTG FS in device mode: registers, FIFOs and endpoints, and what a host's packets do to them (RM0090, 34).
///
/// Host mode, isochronous transfers and the charger detection are not modelled. A packet happens at one moment: what it
/// changes has changed when the host's next one begins.
final class OnTheGoController: Peripheral {
  /// Offsets of the registers.
  enum Register {
    static let control: UInt32 = 0x000
    static let controlInterrupt: UInt32 = 0x004
    static let configuration: UInt32 = 0x008
    static let usbConfiguration: UInt32 = 0x00C
    static let reset: UInt32 = 0x010
    static let interrupts: UInt32 = 0x014
    static let mask: UInt32 = 0x018
    static let receivePeek: UInt32 = 0x01C
    static let receivePop: UInt32 = 0x020
    static let receiveSize: UInt32 = 0x024
    static let firstTransmitSize: UInt32 = 0x028
    static let general: UInt32 = 0x038
    static let transmitSizes: UInt32 = 0x104
    static let deviceConfiguration: UInt32 = 0x800
    static let deviceControl: UInt32 = 0x804
    static let deviceStatus: UInt32 = 0x808
    static let inputMask: UInt32 = 0x810
    static let outputMask: UInt32 = 0x814
    static let endpointInterrupts: UInt32 = 0x818
    static let endpointMask: UInt32 = 0x81C
    static let emptyMask: UInt32 = 0x834
    static let inputs: Range<UInt32> = 0x900..<0xB00
    static let outputs: Range<UInt32> = 0xB00..<0xD00
    /// The FIFOs: a page of 4 KiB each.
    static let fifos: UInt32 = 0x1000
    static let fifoStride: UInt32 = 0x1000
  }

  /// GINTSTS.
  enum Interrupt {
    static let hostMode: UInt32 = 1 << 0
    static let control: UInt32 = 1 << 2
    static let startOfFrame: UInt32 = 1 << 3
    static let received: UInt32 = 1 << 4
    static let inputNAK: UInt32 = 1 << 6
    static let outputNAK: UInt32 = 1 << 7
    static let earlySuspend: UInt32 = 1 << 10
    static let suspend: UInt32 = 1 << 11
    static let reset: UInt32 = 1 << 12
    static let enumerated: UInt32 = 1 << 13
    static let input: UInt32 = 1 << 18
    static let output: UInt32 = 1 << 19
    static let session: UInt32 = 1 << 30
    static let wakeUp: UInt32 = 1 << 31
    /// What writing 1 clears.
    static let clearable: UInt32 = 0xF030_FC0A
    /// The two FIFOs of host mode are empty.
    static let always: UInt32 = 1 << 26 | 1 << 5
  }

  /// DCTL.
  enum DeviceControl {
    static let remoteWakeUp: UInt32 = 1 << 0
    static let softDisconnect: UInt32 = 1 << 1
    static let inputNAK: UInt32 = 1 << 2
    static let outputNAK: UInt32 = 1 << 3
    /// SGINAK, CGINAK, SGONAK and CGONAK only act.
    static let acting: UInt32 = 0xF << 7
  }

  let name = "USB OTG FS"
  let registers: RegisterFile
  let facts: OnTheGoFacts
  /// The interrupt.
  let interrupt = Line()
  /// The request that wakes the chip up, for EXTI.
  let wakeUpRequest = Line()
  /// Software has begun or ended to ask a sleeping bus to go on (DCTL.RWUSIG).
  let remoteWakeUp = Signal<Bool>()

  /// Whether the pins are the core's, and the chip around it runs; the chip says.
  var isConnected: () -> Bool = { false }
  /// Whether the bus voltage is there at the board's connector, and whether the pin for it is wired to that.
  var hasBusVoltage = false {
    didSet { if hasBusVoltage != oldValue { sessionChanged() } }
  }
  var isBusVoltageWired = true

  /// What clocks the core's USB side, in hertz.
  private(set) var hertz: UInt64 = 0
  var inputs: [OnTheGoEndpoint]
  var outputs: [OnTheGoEndpoint]
  var received = ReceiveFIFO()
  /// GINTSTS as far as writes clear it.
  var flags: UInt32 = 0
  /// DAINT.
  private(set) var endpointFlags: UInt32 = 0
  /// The number of the frame under way.
  var frame: UInt32 = 0
  /// DSTS.SUSPSTS.
  var isSuspended = false
  /// DSTS.ENUMSPD.
  var hasSpeed = false
  /// The host has sent SETUP, and no packet of another kind since.
  var isSetupOpen = false
  /// The address at which the device answers; DCFG.DAD counts from the end of the transfer that set it.
  var address: UInt32 = 0
  /// A control transfer is under way.
  var isControlOpen = false
  /// How often the pull-up has gone off.
  private(set) var detachmentCount = 0
  private var wasPulledUp = false
  /// When a forced mode is taken on.
  private var modeTime: UInt64?

  /// GUSBCFG.FHMOD takes 25 ms (RM0090, 34.16.2).
  private static let modeDelay: UInt64 = 25_000_000

  init(_ facts: OnTheGoFacts) {
    self.facts = facts
    registers = RegisterFile(
      (facts.hasSessionOverride ? RegisterTable.laterFullSpeedUSB : RegisterTable.fullSpeedUSB).registers)
    inputs = (0..<facts.endpointCount).map { OnTheGoEndpoint($0, isInput: true) }
    outputs = (0..<facts.endpointCount).map { OnTheGoEndpoint($0, isInput: false) }
  }

  // MARK: Peripheral

  var nextEvent: UInt64? { modeTime }

  func advance(to now: UInt64) {
    guard let time = modeTime, time <= now else { return }
    modeTime = nil
    updateInterrupt()
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) { modeTime = modeTime.map { $0 + nanoseconds } }

  /// Words only (RM0090, 34.16).
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool { width == .word }

  func isSteady(_ offset: UInt32) -> Bool {
    offset != Register.receivePop && offset < Register.fifos && (offset != Register.deviceStatus || !hasBusVoltage)
  }

  func absorbs(_ value: UInt32, at offset: UInt32) -> Bool {
    switch offset {
    case Register.interrupts: value & flags == 0
    case Register.mask, Register.configuration, Register.general, Register.inputMask, Register.outputMask,
      Register.endpointMask, Register.emptyMask:
      registers[offset] == value & registers.writableMask(offset)
    default: false
    }
  }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    if let value = value(at: offset) { registers[offset] = value }
  }

  func didRead(_ offset: UInt32, now: UInt64) {
    if offset == Register.receivePop || offset >= Register.fifos { popReceived() }
  }

  func reset(now: UInt64) {
    registers.reset()
    resetCore()
    modeTime = nil
    updateInterrupt()
  }

  /// A core reset: everything but what the register file holds begins anew.
  func resetCore() {
    inputs = (0..<facts.endpointCount).map { OnTheGoEndpoint($0, isInput: true) }
    outputs = (0..<facts.endpointCount).map { OnTheGoEndpoint($0, isInput: false) }
    received.clear()
    (flags, endpointFlags, frame, address) = (0, 0, 0, 0)
    (isSuspended, hasSpeed, isSetupOpen, isControlOpen) = (false, false, false, false)
    wakeUpRequest.drive(false)
    updatePullUp()
  }

  /// Software forces a mode.
  func forceMode(now: UInt64) { modeTime = now + Self.modeDelay }

  // MARK: State that follows from registers

  /// Whether the core is in host mode, which nothing but software's force brings about.
  var isInHostMode: Bool { registers[Register.usbConfiguration] & 1 << 29 != 0 && modeTime == nil }

  /// Whether the core takes the bus voltage to be there: sensed at PA9, or taken for granted (GCCFG, GOTGCTL).
  var hasSession: Bool {
    let (general, control) = (registers[Register.general], registers[Register.control])
    let isSensed = hasBusVoltage && isBusVoltageWired
    if facts.hasSessionOverride {
      if control & 1 << 6 != 0 { return control & 1 << 7 != 0 }
      return general & 1 << 21 != 0 && isSensed
    }
    return general & 1 << 21 != 0 || general & 1 << 19 != 0 && isSensed
  }

  /// Whether the transceiver pulls D+ up, by which a host sees a full-speed device.
  var isPulledUp: Bool {
    registers[Register.general] & 1 << 16 != 0
      && registers[Register.deviceControl] & DeviceControl.softDisconnect == 0 && !isInHostMode && hasSession
      && isConnected()
  }

  /// Notes a pull-up that has gone off, however briefly.
  func updatePullUp() {
    let isUp = isPulledUp
    if wasPulledUp, !isUp { detachmentCount += 1 }
    wasPulledUp = isUp
  }

  /// Whether the clock is the 48 MHz that full speed takes, within the 0.25 % of USB 2.0, 7.1.11.
  var hasClock: Bool { (47_880_000...48_120_000).contains(hertz) }

  /// The bus voltage has come or gone.
  private func sessionChanged() {
    if hasBusVoltage {
      if hasSession { flags |= Interrupt.session }
    } else if registers[Register.general] & 1 << 16 != 0 {
      registers[Register.controlInterrupt] |= 1 << 2
    }
    updatePullUp()
    updateInterrupt()
  }

  // MARK: Interrupts

  /// GINTSTS.
  var interrupts: UInt32 {
    var word = flags | Interrupt.always
    if isInHostMode { word |= Interrupt.hostMode }
    if registers[Register.controlInterrupt] != 0 { word |= Interrupt.control }
    if received.count > 0 { word |= Interrupt.received }
    let control = registers[Register.deviceControl]
    if control & DeviceControl.inputNAK != 0 { word |= Interrupt.inputNAK }
    if control & DeviceControl.outputNAK != 0 { word |= Interrupt.outputNAK }
    let asking = endpointFlags & registers[Register.endpointMask]
    if asking & 0xFFFF != 0 { word |= Interrupt.input }
    if asking >> 16 != 0 { word |= Interrupt.output }
    return word
  }

  func updateInterrupt() {
    let isEnabled = registers[Register.configuration] & 1 != 0
    interrupt.drive(isEnabled && interrupts & registers[Register.mask] != 0)
  }

  /// Brings one endpoint's bit of DAINT up to date.
  func updateInput(_ number: Int) {
    let flags = inputFlags(number)
    let isEmptyAsking = registers[Register.emptyMask] & 1 << UInt32(number) != 0
    let asking =
      flags & registers[Register.inputMask] & ~OnTheGoEndpoint.Flag.hasRoom != 0
      || isEmptyAsking && flags & OnTheGoEndpoint.Flag.hasRoom != 0
    endpointFlags = endpointFlags & ~(1 << UInt32(number)) | (asking ? 1 << UInt32(number) : 0)
    updateInterrupt()
  }

  func updateOutput(_ number: Int) {
    let bit: UInt32 = 1 << UInt32(16 + number)
    let isAsking = outputs[number].flags & registers[Register.outputMask] != 0
    endpointFlags = endpointFlags & ~bit | (isAsking ? bit : 0)
    updateInterrupt()
  }

  func updateAllEndpoints() {
    for number in inputs.indices {
      updateInput(number)
      updateOutput(number)
    }
  }

  // MARK: FIFOs

  /// The depth of an endpoint's transmit FIFO in words.
  func depth(ofInput number: Int) -> Int {
    let fifo = inputs[number].fifo
    let offset = fifo == 0 ? Register.firstTransmitSize : Register.transmitSizes + UInt32(fifo - 1) * 4
    return Int(registers[offset] >> 16)
  }

  /// DIEPINTx with TXFE, which says that the FIFO is empty, or half empty (GAHBCFG.TXFELVL).
  func inputFlags(_ number: Int) -> UInt32 {
    let used = inputs[number].words.count
    let isEmptyMeant = registers[Register.configuration] & 1 << 7 != 0
    let hasRoom = isEmptyMeant ? used == 0 : used <= depth(ofInput: number) / 2
    return inputs[number].flags | (hasRoom ? OnTheGoEndpoint.Flag.hasRoom : 0)
  }

  /// Software has read a word of the receive FIFO; some status words tell it of an event as well.
  private func popReceived() {
    guard let (kind, endpoint) = received.pop(), outputs.indices.contains(endpoint) else { return updateInterrupt() }
    switch kind {
    case .transferDone: outputs[endpoint].flags |= OnTheGoEndpoint.Flag.complete
    case .setupDone:
      outputs[endpoint].flags |= OnTheGoEndpoint.Flag.setup
      outputs[endpoint].control &= ~OnTheGoEndpoint.Control.enable
    case .data, .setup, .globalNAK: break
    }
    updateOutput(endpoint)
  }
}
