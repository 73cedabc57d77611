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

  /// Whether the probe's NRST reaches the chip: on every board of the catalogue in its default state.
  let hasResetWire: Bool
  /// How long NRST stays low when the chip resets itself, in nanoseconds: the board's capacitor stretches the chip's
  /// pulse to 1.09 ms (five measurements on an STM32F429, 1.090 to 1.100).
  let resetPulse: UInt64

  private init(
    _ name: String, _ product: String, _ circuitBoard: String?, chip: String, probe: String, clock: ExternalClock,
    lowSpeed: ExternalClock = .crystal(32_768), transceiver: Bool = false,
    identifier: String? = nil, com: SerialCable.Place? = nil, buttons: [BoardButton] = []
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
    hasResetWire = true
    resetPulse = 1_090_000
  }

  /// A board of no make around any chip: an 8 MHz crystal and a V2-1 probe.
  static func generic(_ model: ChipModel) -> BoardModel {
    BoardModel(
      model.name, "\(model.name.uppercased()) on a board of no make", nil, chip: model.name, probe: "v2-1",
      clock: .crystal(8_000_000))
  }

  /// B1 of the Nucleo-64 boards (UM1724) pulls PC13 to ground, that of the Nucleo-144 boards (UM1974) to the supply, and
  /// those of the Discovery boards and of Olimex PA0 to the supply (UM1472, UM1842, UM1670; Zephyr's device trees).
  private static let lowButton = [BoardButton("B1", at: "C13", isHighWhenPressed: false)]
  private static let highButton = [BoardButton("B1", at: "C13", isHighWhenPressed: true)]
  private static let wakeUpButton = [BoardButton("B1", at: "A0", isHighWhenPressed: true)]
  /// USART3 (UM1974), USART2 (UM1724) and USART1 (UM1670).
  ///
  /// The COM port of the STM32F407G-DISC1 goes nowhere until somebody
  /// solders wires (UM1472).
  private static let nucleo144COM = SerialCable.Place.pins(receive: "D9", transmit: "D8")
  private static let nucleo64COM = SerialCable.Place.pins(receive: "A3", transmit: "A2")
  private static let discovery429COM = SerialCable.Place.pins(receive: "A10", transmit: "A9")
  /// UM1057.
  private static let evaluationButtons = [
    BoardButton("WAKEUP", at: "A0", isHighWhenPressed: true),
    BoardButton("TAMPER", at: "C13", isHighWhenPressed: false),
    BoardButton("USER", at: "G15", isHighWhenPressed: false),
  ]

  /// ST's boards (UM1974, UM1724, UM1472, UM1842, UM1670, UM1057), with the identifiers of Mbed's board list, and one of
  /// Olimex with a probe of ST's plugged into its JTAG connector.
  static let catalogue: [BoardModel] = [
    BoardModel(
      "nucleo-f207zg", "NUCLEO-F207ZG", "MB1137", chip: "stm32f207zg", probe: "v2-1", clock: .driven(8_000_000),
      transceiver: true, identifier: "0835", com: nucleo144COM,
      buttons: highButton),
    BoardModel(
      "nucleo-f412zg", "NUCLEO-F412ZG", "MB1137", chip: "stm32f412zg", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0826", com: nucleo144COM,
      buttons: highButton),
    BoardModel(
      "nucleo-f429zi", "NUCLEO-F429ZI", "MB1137", chip: "stm32f429zi", probe: "v2-1", clock: .driven(8_000_000),
      transceiver: true, identifier: "0796", com: nucleo144COM,
      buttons: highButton),
    BoardModel(
      "nucleo-f401re", "NUCLEO-F401RE", "MB1136", chip: "stm32f401re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0720", com: nucleo64COM, buttons: lowButton),
    BoardModel(
      "nucleo-f411re", "NUCLEO-F411RE", "MB1136", chip: "stm32f411re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0740", com: nucleo64COM, buttons: lowButton),
    BoardModel(
      "nucleo-f446re", "NUCLEO-F446RE", "MB1136", chip: "stm32f446re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0777", com: nucleo64COM, buttons: lowButton),
    BoardModel(
      "stm32f4discovery", "STM32F4DISCOVERY", "MB997", chip: "stm32f407vg", probe: "v2", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton),
    BoardModel(
      "stm32f407g-disc1", "STM32F407G-DISC1", "MB997", chip: "stm32f407vg", probe: "v2-1", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton),
    BoardModel(
      "32f411ediscovery", "32F411EDISCOVERY", "MB1115", chip: "stm32f411ve", probe: "v2", clock: .crystal(8_000_000),
      buttons: wakeUpButton),
    BoardModel(
      "32f429idiscovery", "32F429IDISCOVERY", "MB1075", chip: "stm32f429zi", probe: "v2", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton),
    BoardModel(
      "stm32f429i-disc1", "STM32F429I-DISC1", "MB1075", chip: "stm32f429zi", probe: "v2-1", clock: .crystal(8_000_000),
      lowSpeed: .none, com: discovery429COM, buttons: wakeUpButton),
    BoardModel(
      "olimex-p405", "Olimex STM32-P405", nil, chip: "stm32f405rg", probe: "v2", clock: .crystal(8_000_000),
      buttons: wakeUpButton),
    BoardModel(
      "stm3220g-eval", "STM3220G-EVAL", "MB786", chip: "stm32f207ig", probe: "v2", clock: .crystal(25_000_000),
      buttons: evaluationButtons),
  ]

  /// Finds a board or makes one around a chip, by name in any case.
  ///
  /// - Throws: `ChipNameError` when the text names neither.
  static func named(_ text: String) throws(ChipNameError) -> BoardModel {
    if let board = catalogue.first(where: { $0.name == text.lowercased() }) { return board }
    return generic(try ChipModel(named: text))
  }
}
