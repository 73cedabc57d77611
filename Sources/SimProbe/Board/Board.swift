/// A board: a chip with its supply, clock, boot pins and the wires to the probe.
final class Board: TargetConnector {
  /// What the board is.
  let model: BoardModel
  /// The chip on it.
  let chip: Chip
  private let port: DebugPort

  /// Whether the jumpers that connect SWDIO and SWCLK to the chip are closed.
  var areJumpersClosed = true
  /// Whether SWDIO has a connection between probe and chip beside the jumper.
  var isDataWireWhole = true
  /// Whether SWCLK has a connection between probe and chip beside the jumper.
  var isClockWireWhole = true
  /// What damages the bits on their way; nil for clean wires.
  var noise: WireNoise?
  /// Whether the probe's reset output reaches the chip.
  var hasResetWire: Bool {
    didSet { driveChipReset() }
  }

  /// Whether something on the board holds NRST low.
  var isResetHeldLow = false {
    didSet { driveChipReset() }
  }
  /// The voltage that the probe's reference pin finds where it is not the chip's supply, in millivolts.
  var strayReferenceMillivolts: Int?

  /// The SWD clock that the probe makes, in kHz.
  private(set) var clockKilohertz: UInt32 = 1800
  private var isProbeHoldingReset = false

  /// Makes a board whose chip has been under power for a while.
  ///
  /// - Parameter supplyMillivolts: the chip's supply; 0 leaves the board without power.
  init(
    model: BoardModel, chip: Chip, supplyMillivolts: Int = 3300
  ) {
    self.model = model
    self.chip = chip
    port = DebugPort(
      accessPort: AHBAccessPort(bus: chip, waitsAfterTransferAddress: chip.model.die.waitsAfterTransferAddress))
    hasResetWire = model.hasResetWire
    self.supplyMillivolts = 0
    chip.clocks.externalClock = model.clock
    chip.clocks.lowSpeedClock = model.lowSpeedClock
    chip.ethernet.hasTransceiver = model.hasEthernetTransceiver
    chip.resetPulse = model.resetPulse
    chip.debugPortReset = { [unowned port] in port.powerOnReset() }
    powerUp(millivolts: supplyMillivolts)
  }

  /// The lowest supply at which any F2 or F4 leaves its power-on reset (data sheets, VPDR typical).
  static let minimumMillivolts = 1680

  // MARK: Supply

  /// What the board's regulator gives, in millivolts; a chip that it reaches is switched on or off at the power-on
  /// threshold.
  var supplyMillivolts: Int {
    didSet { supplyChip() }
  }

  /// Whether the regulator's output reaches the chip.
  var isSupplyConnected = true {
    didSet { supplyChip() }
  }

  /// The most that reaches the chip of what the regulator gives, in millivolts.
  var supplyLimitMillivolts = Int.max {
    didSet { supplyChip() }
  }

  /// The supply at the chip's pins in millivolts.
  var chipMillivolts: Int { isSupplyConnected ? min(supplyMillivolts, supplyLimitMillivolts) : 0 }

  /// Switches the supply on as if long ago: a chip without power is out of reset at once.
  func powerUp(millivolts: Int) {
    if isSupplyConnected, min(millivolts, supplyLimitMillivolts) >= Board.minimumMillivolts {
      chip.powerOn(hasSettled: true)
    }
    supplyMillivolts = millivolts
  }

  /// Takes the power away and gives it back at once.
  func cyclePower() {
    let supply = supplyMillivolts
    supplyMillivolts = 0
    supplyMillivolts = supply
  }

  /// The chip and its debug port lose everything that they do not keep in flash.
  func interruptSupply() {
    chip.powerOff()
    port.powerOnReset()
  }

  /// The chip comes up again, where the board's supply lets it.
  func resumeSupply() {
    if chipMillivolts >= Board.minimumMillivolts { chip.powerOn() }
  }

  private func supplyChip() {
    chip.flash.supplyMillivolts = chipMillivolts
    if chipMillivolts < Board.minimumMillivolts { interruptSupply() } else { resumeSupply() }
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

  func driveReset(low: Bool) {
    isProbeHoldingReset = low
    driveChipReset()
  }

  private func driveChipReset() {
    chip.driveReset(low: isResetHeldLow || hasResetWire && isProbeHoldingReset)
  }

  private var isAnswering: Bool { areJumpersClosed && isDataWireWhole && isClockWireWhole && chip.answersDebugger }
}
