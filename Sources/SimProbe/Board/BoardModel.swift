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
  let clock: ExternalClock
  /// Whether an Ethernet transceiver with address 0 is on the board.
  let hasEthernetTransceiver: Bool
  /// What is connected to OSC32_IN and OSC32_OUT.
  let lowSpeedClock: ExternalClock
  /// The four characters by which Mbed knows the board; nil where it does not.
  let boardIdentifier: String?
  /// Where the probe's COM port is wired to, by the chip's side; nil where it is not, or where the probe has none.
  let comPort: SerialCable.Place?
  /// The push buttons beside the one for reset.
  let buttons: [BoardButton]

  /// Whether the probe's NRST reaches the chip: on every board of the catalogue but those with a connector of four pins.
  let hasResetWire: Bool
  /// How long NRST stays low when the chip resets itself, in nanoseconds: the board's capacitor stretches the chip's
  /// pulse to 1.09 ms (five measurements on an STM32F429, 1.090 to 1.100).
  let resetPulse: UInt64

  init(
    _ name: String, _ product: String, _ circuitBoard: String?, chip: String, probe: String, clock: ExternalClock,
    lowSpeed: ExternalClock = .crystal(32_768), transceiver: Bool = false,
    identifier: String? = nil, com: SerialCable.Place? = nil,
    buttons: [BoardButton] = [], resetWire: Bool = true
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
    hasResetWire = resetWire
    resetPulse = 1_090_000
  }

  /// A board of no make around any chip: an 8 MHz crystal and a V2-1 probe.
  static func generic(_ model: ChipModel) -> BoardModel {
    BoardModel(
      model.name, "\(model.name.uppercased()) on a board of no make", nil, chip: model.name, probe: "v2-1",
      clock: .crystal(8_000_000))
  }

  /// Finds a board or makes one around a chip, by name in any case.
  ///
  /// - Throws: `ChipNameError` when the text names neither.
  static func named(_ text: String) throws(ChipNameError) -> BoardModel {
    if let board = catalogue.first(where: { $0.name == text.lowercased() }) { return board }
    return generic(try ChipModel(named: text))
  }
}
