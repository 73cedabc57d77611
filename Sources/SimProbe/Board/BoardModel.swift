/// A board of the catalogue: a chip, a probe, and what the board's makers soldered between them.
struct BoardModel: Equatable, Sendable {
  /// The name on the command line.
  let name: String
  /// The name on the box.
  let product: String
  /// ST's number on the printed circuit board; nil for a board of no make.
  let circuitBoard: String?
  /// The chip's name.
  let chip: String
  /// The profile of the probe on the board: "v2", "v2-1" or "v3".
  let probeProfile: String
  /// What clocks OSC_IN.
  private(set) var clock: ExternalClock
  /// Whether an Ethernet transceiver with address 0 is on the board.
  let hasEthernetTransceiver: Bool
  /// What is connected to OSC32_IN and OSC32_OUT.
  private(set) var lowSpeedClock: ExternalClock
  /// The four characters by which Mbed knows the board; nil where it does not.
  let boardIdentifier: String?
  /// Where the probe's COM port is wired to, by the chip's side; nil where it is not, or where the probe has none.
  private(set) var comPort: SerialCable.Place?
  /// The push buttons beside the one for reset.
  private(set) var buttons: [BoardButton]
  /// The light-emitting diodes that the chip switches.
  private(set) var lights: [BoardLight]
  /// The memories at the controller for external memory.
  private(set) var memories: [ExternalMemoryModel]
  /// The chip of another family that is there instead, for identification only; nil on every real board.
  private(set) var foreign: ForeignChip?
  /// Resistors that hold pins at a level, beside those of the buttons.
  private(set) var pulls: [BoardPull] = []

  /// Whether the bus voltage of the board's own USB socket reaches PA9, where OTG FS senses it.
  private(set) var hasBusVoltageWire: Bool
  /// Whether the probe's NRST reaches the chip: on every board of the catalogue but those with a connector of four pins.
  private(set) var hasResetWire: Bool
  /// How long NRST stays low when the chip resets itself, in nanoseconds: the board's capacitor stretches the chip's
  /// pulse to 1.09 ms (five measurements on an STM32F429, 1.090 to 1.100).
  let resetPulse: UInt64

  init(
    _ name: String, _ product: String, _ circuitBoard: String?, chip: String, probe: String, clock: ExternalClock,
    lowSpeed: ExternalClock = .crystal(32_768), transceiver: Bool = false,
    identifier: String? = nil, com: SerialCable.Place? = nil,
    buttons: [BoardButton] = [], lights: [BoardLight] = [], memories: [ExternalMemoryModel] = [],
    resetWire: Bool = true, vbusWire: Bool = true
  ) {
    self.name = name
    self.product = product
    self.circuitBoard = circuitBoard
    self.chip = chip
    probeProfile = probe
    self.clock = clock
    lowSpeedClock = lowSpeed
    hasEthernetTransceiver = transceiver
    boardIdentifier = identifier
    comPort = com
    self.buttons = buttons
    self.lights = lights
    self.memories = memories
    hasResetWire = resetWire
    hasBusVoltageWire = vbusWire
    resetPulse = 1_090_000
  }

  /// The board with other parts, or more of them.
  func with(_ parts: [BoardPart]) -> BoardModel {
    parts.reduce(into: self) { board, part in
      switch part.kind {
      case .clock(let clock): board.clock = clock
      case .lowSpeedClock(let clock): board.lowSpeedClock = clock
      case .pull(let pull): board.pulls.append(pull)
      case .light(let light):
        board.lights.removeAll { $0.pin == light.pin }
        board.lights.append(light)
      case .button(let button):
        board.buttons.removeAll { $0.port == button.port && $0.pin == button.pin }
        board.buttons.append(button)
      case .serialPort(let place): board.comPort = place
      case .resetWire(let isThere): board.hasResetWire = isThere
      case .busVoltageWire(let isThere): board.hasBusVoltageWire = isThere
      case .memory(let memory): board.memories.append(memory)
      }
    }
  }

  /// A board of no make around any chip: an 8 MHz crystal and a V2-1 probe.
  static func generic(_ model: ChipModel) -> BoardModel {
    BoardModel(
      model.name, "\(model.name.uppercased()) on a board of no make", nil, chip: model.name, probe: "v2-1",
      clock: .crystal(8_000_000))
  }

  /// A board of no make around a chip of another family.
  private static func generic(_ foreign: ForeignChip) -> BoardModel {
    var board = BoardModel(
      foreign.name, "\(foreign.product) on a board of no make", nil, chip: foreign.host, probe: "v2-1",
      clock: .crystal(8_000_000))
    board.foreign = foreign
    return board
  }

  /// Finds a board or makes one around a chip, by name in any case.
  ///
  /// - Throws: `ChipNameError` when the text names neither.
  static func named(_ text: String) throws(ChipNameError) -> BoardModel {
    if let foreign = ForeignChip.named(text) { return generic(foreign) }
    if let board = catalogue.first(where: { $0.name == text.lowercased() }) { return board }
    return generic(try ChipModel(named: text))
  }
}
