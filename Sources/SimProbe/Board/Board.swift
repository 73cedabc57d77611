/// A board: a chip with its supply, clock, boot pins and the wires to the probe.
final class Board: TargetConnector {
  /// What the board is.
  let model: BoardModel
  /// The chip on it.
  let chip: Chip
  private let port: DebugPort
  /// What the access port reaches, which it does not own.
  private let bus: any SystemBus

  /// Whether the jumpers that connect SWDIO and SWCLK to the chip are closed.
  var areJumpersClosed = true
  /// Whether SWDIO has a connection between probe and chip beside the jumper.
  var isDataWireWhole = true
  /// Whether SWCLK has a connection between probe and chip beside the jumper.
  var isClockWireWhole = true
  /// Whether SWO has a connection between the chip and the probe.
  var isTraceWireWhole = true
  weak var traceListener: (any TraceListener)?
  /// What is connected to the chip's serial ports.
  var cables: [SerialCable] = []
  /// What is between serial adapters and the chip.
  let serialWires = SerialWires()
  /// What damages the bits on their way; nil for clean wires.
  var noise: WireNoise?
  /// Who holds NRST low.
  private(set) var resetLine: ResetLine
  /// How long NRST stays low when nobody holds it any more, in nanoseconds.
  var resetRise: UInt64 = 0 {
    didSet { chip.resetPulse = max(model.resetPulse, resetRise) }
  }
  /// When NRST rises.
  private var resetRiseEnd: UInt64 = 0
  /// The voltage that the probe's reference pin finds where it is not the chip's supply, in millivolts.
  var strayReferenceMillivolts: Int?

  /// The SWD clock that the probe makes, in kHz.
  private(set) var clockKilohertz: UInt32 = 1800

  /// Makes a board whose chip has been under power for a while.
  ///
  /// - Parameter supplyMillivolts: the chip's supply; 0 leaves the board without power.
  init(
    model: BoardModel, chip: Chip, supplyMillivolts: Int = 3300
  ) {
    self.model = model
    self.chip = chip
    if let foreign = model.foreign {
      let bus = ForeignBus(foreign, host: chip)
      self.bus = bus
      port = DebugPort(
        accessPort: AHBAccessPort(bus: bus, base: foreign.romTable, identification: foreign.accessPort),
        identification: foreign.debugPort)
    } else {
      bus = chip
      port = DebugPort(
        accessPort: AHBAccessPort(bus: chip, waitsAfterTransferAddress: chip.model.die.waitsAfterTransferAddress))
    }
    resetLine = ResetLine(reachesProbe: model.hasResetWire)
    chip.clocks.connect(model.clock)
    chip.clocks.lowSpeedClock = model.lowSpeedClock
    chip.ethernet.hasTransceiver = model.hasEthernetTransceiver
    chip.resetPulse = model.resetPulse
    chip.onTheGo?.isBusVoltageWired = model.hasBusVoltageWire
    chip.debugPortReset.connect(to: port) { $0.powerOnReset() }
    chip.brownOut.connect(to: self) { $0.interruptSupply() }
    chip.traceOutput.connect(to: self) { if $0.isTraceWireWhole { $0.traceListener?.hear($1) } }
    for button in model.buttons where button.hasResistor {
      chip.port(button.port)?.pull(pin: button.pin, high: !button.isHighWhenPressed)
    }
    for pull in model.pulls { chip.port(pull.pin.port)?.pull(pin: pull.pin.number, high: pull.isHigh) }
    chip.bus.external?.connect(model.memories, seed: chip.seed)
    powerUp(millivolts: supplyMillivolts)
  }

  // MARK: Supply

  /// What feeds the chip.
  private(set) var supply = Supply()

  /// The supply at the chip's pins in millivolts.
  var chipMillivolts: Int { supply.chipMillivolts }

  /// Changes what feeds the chip, which is switched on or off at its thresholds.
  func changeSupply(_ change: (inout Supply) -> Void) {
    change(&supply)
    chip.flash.supply(millivolts: chipMillivolts)
    if chipMillivolts < chip.supplyThreshold.falling { interruptSupply() } else { resumeSupply() }
  }

  /// Switches the supply on as if long ago: a chip without power is out of reset at once.
  func powerUp(millivolts: Int) {
    var next = supply
    next.regulatorMillivolts = millivolts
    chip.flash.supply(millivolts: next.chipMillivolts)
    if next.chipMillivolts >= chip.supplyThreshold.rising { chip.powerOn(hasSettled: true) }
    changeSupply { $0 = next }
  }

  /// Takes the power away and gives it back at once.
  func cyclePower() {
    let millivolts = supply.regulatorMillivolts
    changeSupply { $0.regulatorMillivolts = 0 }
    changeSupply { $0.regulatorMillivolts = millivolts }
  }

  /// The chip and its debug port lose everything that they do not keep in flash.
  func interruptSupply() {
    chip.powerOff()
    port.powerOnReset()
  }

  /// The chip comes up again, where the board's supply lets it.
  func resumeSupply() {
    guard chipMillivolts >= chip.supplyThreshold.rising else { return }
    if resetRise > 0, !chip.isPowered, !resetLine.isLow {
      chip.driveReset(low: true)
      letResetRise()
    }
    chip.powerOn()
  }

  // MARK: Buttons

  /// Presses a button, or lets go of it.
  func press(_ button: BoardButton, _ isPressed: Bool = true) {
    chip.synchronise()
    chip.port(button.port)?.drive(pin: button.pin, high: isPressed ? button.isHighWhenPressed : nil)
  }

  // MARK: TargetConnector

  var referenceMillivolts: Int { strayReferenceMillivolts ?? chipMillivolts }

  func transfer(_ packet: SWDPacket) -> SWDAnswer {
    chip.synchronise()
    guard isAnswering else { return .silence }
    guard let noise else { return port.transfer(packet) }
    return noise.carry(packet, at: clockKilohertz) { port.transfer($0) }
  }

  func lineReset() {
    chip.synchronise()
    if isAnswering { port.lineReset() }
  }

  func switchSequence(_ bits: UInt16) {
    chip.synchronise()
    if isAnswering { port.switchSequence(bits) }
  }

  func clockChanged(toKilohertz kilohertz: UInt32) {
    clockKilohertz = kilohertz
  }

  func settleTrace() {
    chip.synchronise()
  }

  func driveReset(low: Bool) {
    changeReset { $0.isHeldByProbe = low }
  }

  /// Changes who holds NRST low.
  func changeReset(_ change: (inout ResetLine) -> Void) {
    let wasLow = resetLine.isLow
    change(&resetLine)
    if resetLine.isLow {
      chip.driveReset(low: true)
    } else if wasLow || resetRise == 0 {
      letResetRise()
    }
  }

  /// Lets NRST rise, which takes its time.
  private func letResetRise() {
    guard resetRise > 0 else { return chip.driveReset(low: false) }
    chip.synchronise()
    resetRiseEnd = chip.synchronised + resetRise
    chip.schedule(at: resetRiseEnd, for: self) { board in
      if !board.resetLine.isLow, board.chip.synchronised >= board.resetRiseEnd { board.chip.driveReset(low: false) }
    }
  }

  private var isAnswering: Bool { areJumpersClosed && isDataWireWhole && isClockWireWhole && chip.answersDebugger }
}
