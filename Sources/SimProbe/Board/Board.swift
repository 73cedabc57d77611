/// A board: a chip with its supply, clock, boot pins and the wires to the probe.
final class Board: TargetConnector {
  /// What the board is.
  let model: BoardModel
  /// The chip on it.
  let chip: Chip
  private let port: DebugPort

  /// Whether the jumpers that connect SWDIO and SWCLK to the chip are closed.
  var areJumpersClosed = true
  /// Whether the probe's reset output reaches the chip.
  var hasResetWire: Bool {
    didSet { chip.driveReset(low: hasResetWire && isProbeHoldingReset) }
  }

  private var isProbeHoldingReset = false

  /// Makes a board whose chip has been under power for a while.
  ///
  /// - Parameters:
  ///   - supplyMillivolts: the chip's supply; 0 leaves the board without power.
  ///   - seed: decides everything that chance decides on silicon.
  init(
    model: BoardModel, chip: Chip, supplyMillivolts: Int = 3300
  ) {
    self.model = model
    self.chip = chip
    port = DebugPort(
      accessPort: AHBAccessPort(bus: chip, waitsAfterTransferAddress: chip.model.die.waitsAfterTransferAddress))
    hasResetWire = model.hasResetWire
    self.supplyMillivolts = supplyMillivolts
    chip.clocks.externalHertz = model.clockSource.hertz
    chip.resetPulse = model.resetPulse
    chip.flash.supplyMillivolts = supplyMillivolts
    if supplyMillivolts >= Board.minimumMillivolts { chip.powerOn(hasSettled: true) }
  }

  /// The lowest supply at which any F2 or F4 leaves its power-on reset (data sheets, VPDR typical).
  private static let minimumMillivolts = 1680

  // MARK: Supply

  /// The chip's supply in millivolts; what crosses the power-on threshold switches the chip on or off.
  var supplyMillivolts: Int {
    didSet {
      chip.flash.supplyMillivolts = supplyMillivolts
      if supplyMillivolts < Board.minimumMillivolts {
        chip.powerOff()
        port.powerOnReset()
      } else {
        chip.powerOn()
      }
    }
  }

  /// Takes the power away and gives it back at once.
  func cyclePower() {
    let supply = supplyMillivolts
    supplyMillivolts = 0
    supplyMillivolts = supply
  }

  // MARK: TargetConnector

  var referenceMillivolts: Int { supplyMillivolts }

  func transfer(_ packet: SWDPacket) -> SWDAnswer {
    chip.synchronise()
    return isAnswering ? port.transfer(packet) : .silence
  }

  func lineReset() {
    chip.synchronise()
    if isAnswering { port.lineReset() }
  }

  func switchSequence(_ bits: UInt16) {
    chip.synchronise()
    if isAnswering { port.switchSequence(bits) }
  }

  func driveReset(low: Bool) {
    isProbeHoldingReset = low
    if hasResetWire { chip.driveReset(low: low) }
  }

  private var isAnswering: Bool { areJumpersClosed && chip.answersDebugger }
}
