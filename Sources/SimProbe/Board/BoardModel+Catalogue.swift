/// The boards that can be simulated by name.
extension BoardModel {
  /// The button of the Nucleo-64 boards (UM1724) pulls PC13 to ground.
  ///
  /// That of the Nucleo-144 boards (UM1974) pulls it to the supply, those of the Discovery boards and of Olimex PA0 (UM1472,
  /// UM1842, UM1670; Zephyr's device trees). Of the 32F469IDISCOVERY Zephyr says the opposite without a pull-up; its WKUP pin
  /// needs a rising edge, and ST's BSP and MicroPython take high for pressed.
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

  /// A joystick and keys without resistors: firmware pulls them.
  private static let joystick = [BoardButton("SEL", at: "A0", isHighWhenPressed: true, hasResistor: false)]
  private static let blackPillKey = [BoardButton("KEY", at: "A0", isHighWhenPressed: false, hasResistor: false)]
  private static let blackKeys = [
    BoardButton("WK_UP", at: "A0", isHighWhenPressed: true, hasResistor: false),
    BoardButton("K0", at: "E4", isHighWhenPressed: false, hasResistor: false),
    BoardButton("K1", at: "E3", isHighWhenPressed: false, hasResistor: false),
  ]
  /// The STM324x9I-EVAL and its successor (Linux's stm32429i-eval.dts; stm324x9i_eval.h, stm32469i_eval.h).
  private static let laterEvaluationButtons = [
    BoardButton("WAKEUP", at: "A0", isHighWhenPressed: true),
    BoardButton("TAMPER", at: "C13", isHighWhenPressed: false),
  ]

  /// MicroPython's and Zephyr's files of these boards, ST's BSP (STM32CubeF4), the makers' schematics.
  private static let nucleo64Lights = [BoardLight("LD2", at: "A5")]
  private static let nucleo144Lights = [
    BoardLight("LD1", at: "B0"), BoardLight("LD2", at: "B7"), BoardLight("LD3", at: "B14"),
  ]
  private static let discoveryLights = [
    BoardLight("LD4", at: "D12"), BoardLight("LD3", at: "D13"), BoardLight("LD5", at: "D14"),
    BoardLight("LD6", at: "D15"),
  ]
  private static let discovery429Lights = [BoardLight("LD3", at: "G13"), BoardLight("LD4", at: "G14")]
  private static let discovery469Lights = [
    BoardLight("LD1", at: "G6", isLitHigh: false), BoardLight("LD2", at: "D4", isLitHigh: false),
    BoardLight("LD3", at: "D5", isLitHigh: false), BoardLight("LD4", at: "K3", isLitHigh: false),
  ]
  private static let evaluationLights = [
    BoardLight("LD1", at: "G6"), BoardLight("LD2", at: "G8"), BoardLight("LD3", at: "I9"), BoardLight("LD4", at: "C7"),
  ]
  /// STM324x9I-EVAL (stm324x9i_eval.h; Linux's stm32429i-eval.dts), STM32469I-EVAL from revision B on (stm32469i_eval.h) and the two
  /// lights of the STM32446E-EVAL that hang at the chip and not at its port expander (stm32446e_eval.h): lit while low, as
  /// BSP_LED_On of each has it.
  private static let evaluation429Lights = lowLights(["G6", "G7", "G10", "G12"])
  private static let evaluation469Lights = lowLights(["K3", "K4", "K5", "K6"])
  private static let evaluation446Lights = [
    BoardLight("LD1", at: "B11", isLitHigh: false), BoardLight("LD3", at: "B4", isLitHigh: false),
  ]
  /// 32F412GDISCOVERY: lit while low by ST's BSP (stm32412g_discovery.c), though Zephyr says the opposite.
  private static let discovery412Lights = lowLights(["E0", "E1", "E2", "E3"])
  /// 32F413HDISCOVERY: the pins and names are Zephyr's; which level lights them is taken from its sister board, for which Zephyr
  /// has it the wrong way round.
  private static let discovery413Lights = [
    BoardLight("LD1", at: "C5", isLitHigh: false), BoardLight("LD4", at: "E3", isLitHigh: false),
  ]
  private static let blackPillLight = [BoardLight("C13", at: "C13", isLitHigh: false)]

  /// D0 to D15 and NBL0, NBL1; A0 to A11, BA0, BA1, SDCLK, SDNCAS and SDNRAS (data sheets, "FMC pin definition").
  private static let halfwordPins = "D0,1,8-10,14,15 E0,1,7-15"
  private static let dynamicPins = " F0-5,11-15 G0,1,4,5,8,15"
  /// IS42S16400J on the 32F429IDISCOVERY, 8 MiB at 0xD000_0000 (UM1670; libopencm3's and NuttX's drivers).
  private static let discovery429Memory = ExternalMemoryModel(
    "IS42S16400J", .dynamic(bank: 2, rowBits: 12, columnBits: 8, bankBits: 2), width: 16,
    pins: halfwordPins + dynamicPins + " B5,6 C0")
  /// MT48LC4M32B2 on the 32F469IDISCOVERY, 16 MiB at 0xC000_0000 (ST's BSP, Zephyr).
  private static let discovery469Memory = ExternalMemoryModel(
    "MT48LC4M32B2", .dynamic(bank: 1, rowBits: 12, columnBits: 8, bankBits: 2), width: 32,
    pins: halfwordPins + dynamicPins + " C0 H2,3,8-15 I0-7,9,10")
  /// The same on the STM32446E-EVAL, of which the F446 reaches 16 bits: 8 MiB at 0xC000_0000 (ST's BSP).
  private static let evaluation446Memory = ExternalMemoryModel(
    "MT48LC4M32B2", .dynamic(bank: 1, rowBits: 12, columnBits: 8, bankBits: 2), width: 16,
    pins: halfwordPins + dynamicPins + " A7 C4,5")
  /// MT48LC4M32B2B5 on the STM324x9I-EVAL and STM32469I-EVAL, 32 bits wide at 0xC000_0000 (BSP_SDRAM_MspInit of
  /// stm324x9i_eval_sdram.c and stm32469i_eval_sdram.c, which differ from the 32F469IDISCOVERY's in SDCKE0 and SDNWE: PH3 and PH5).
  private static let evaluation429Memory = ExternalMemoryModel(
    "MT48LC4M32B2", .dynamic(bank: 1, rowBits: 12, columnBits: 8, bankBits: 2), width: 32,
    pins: halfwordPins + dynamicPins + " H2,3,5,8-15 I0-7,9,10")
  /// IS61WV102416 on the STM322xG-EVAL and STM324xG-EVAL: 2 MiB at 0x6400_0000 (ST's BSP), with A0 to A19, NOE, NWE, NE2.
  private static let evaluationMemory = ExternalMemoryModel(
    "IS61WV102416", .fixed(select: 2, byteCount: 2 << 20), width: 16,
    pins: halfwordPins + " D4,5,11-13 E3 F0-5,12-15 G0-5,9")

  private static func lowLights(_ pins: [Substring]) -> [BoardLight] {
    pins.enumerated().map { BoardLight("LD\($0.offset + 1)", at: $0.element, isLitHigh: false) }
  }

  /// ST's boards (UM1974, UM1724, UM1472, UM1842, UM1670, UM1057), with the identifiers of Mbed's board list (as
  /// pyOCD has it), and boards of others with a probe of ST's plugged into their connectors.
  ///
  /// Crystals, COM ports and buttons of the boards that Zephyr knows were held against its device trees.
  static let catalogue: [BoardModel] = [
    BoardModel(
      "nucleo-f207zg", "NUCLEO-F207ZG", "MB1137", chip: "stm32f207zg", probe: "v2-1", clock: .driven(8_000_000),
      transceiver: true, identifier: "0835", com: nucleo144COM,
      buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "nucleo-f412zg", "NUCLEO-F412ZG", "MB1137", chip: "stm32f412zg", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0826", com: nucleo144COM,
      buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "nucleo-f429zi", "NUCLEO-F429ZI", "MB1137", chip: "stm32f429zi", probe: "v2-1", clock: .driven(8_000_000),
      transceiver: true, identifier: "0796", com: nucleo144COM,
      buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "nucleo-f401re", "NUCLEO-F401RE", "MB1136", chip: "stm32f401re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0720", com: nucleo64COM, buttons: lowButton, lights: nucleo64Lights, vbusWire: false),
    BoardModel(
      "nucleo-f411re", "NUCLEO-F411RE", "MB1136", chip: "stm32f411re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0740", com: nucleo64COM, buttons: lowButton, lights: nucleo64Lights, vbusWire: false),
    BoardModel(
      "nucleo-f446re", "NUCLEO-F446RE", "MB1136", chip: "stm32f446re", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0777", com: nucleo64COM, buttons: lowButton, lights: nucleo64Lights, vbusWire: false),
    BoardModel(
      "stm32f4discovery", "STM32F4DISCOVERY", "MB997", chip: "stm32f407vg", probe: "v2", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton, lights: discoveryLights),
    BoardModel(
      "stm32f407g-disc1", "STM32F407G-DISC1", "MB997", chip: "stm32f407vg", probe: "v2-1", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton, lights: discoveryLights),
    BoardModel(
      "32f411ediscovery", "32F411EDISCOVERY", "MB1115", chip: "stm32f411ve", probe: "v2", clock: .crystal(8_000_000),
      buttons: wakeUpButton, lights: discoveryLights),
    BoardModel(
      "32f429idiscovery", "32F429IDISCOVERY", "MB1075", chip: "stm32f429zi", probe: "v2", clock: .crystal(8_000_000),
      lowSpeed: .none, buttons: wakeUpButton, lights: discovery429Lights,
      memories: [discovery429Memory]),
    BoardModel(
      "stm32f429i-disc1", "STM32F429I-DISC1", "MB1075", chip: "stm32f429zi", probe: "v2-1", clock: .crystal(8_000_000),
      lowSpeed: .none, com: discovery429COM, buttons: wakeUpButton, lights: discovery429Lights,
      memories: [discovery429Memory]),
    BoardModel(
      "olimex-p405", "Olimex STM32-P405", nil, chip: "stm32f405rg", probe: "v2", clock: .crystal(8_000_000),
      buttons: wakeUpButton, lights: [BoardLight("STAT", at: "C12", isLitHigh: false)]),
    BoardModel(
      "stm3220g-eval", "STM3220G-EVAL", "MB786", chip: "stm32f207ig", probe: "v2", clock: .crystal(25_000_000),
      buttons: evaluationButtons, lights: evaluationLights, memories: [evaluationMemory]),
    BoardModel(
      "nucleo-f410rb", "NUCLEO-F410RB", "MB1136", chip: "stm32f410rb", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0744", com: nucleo64COM, buttons: lowButton, lights: nucleo64Lights, vbusWire: false),
    BoardModel(
      "nucleo-f413zh", "NUCLEO-F413ZH", "MB1137", chip: "stm32f413zh", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0742", com: nucleo144COM, buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "nucleo-f446ze", "NUCLEO-F446ZE", "MB1137", chip: "stm32f446ze", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0778", com: nucleo144COM, buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "nucleo-f439zi", "NUCLEO-F439ZI", "MB1137", chip: "stm32f439zi", probe: "v2-1", clock: .driven(8_000_000),
      transceiver: true, identifier: "0797", com: nucleo144COM, buttons: highButton, lights: nucleo144Lights),
    BoardModel(
      "32f412gdiscovery", "32F412GDISCOVERY", "MB1209", chip: "stm32f412zg", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0825", com: .pins(receive: "A3", transmit: "A2"), buttons: joystick,
      lights: discovery412Lights),
    BoardModel(
      "32f413hdiscovery", "32F413HDISCOVERY", "MB1274", chip: "stm32f413zh", probe: "v2-1", clock: .driven(8_000_000),
      identifier: "0743", com: .pins(receive: "G9", transmit: "G14"), buttons: wakeUpButton,
      lights: discovery413Lights),
    BoardModel(
      "32f469idiscovery", "32F469IDISCOVERY", "MB1189", chip: "stm32f469ni", probe: "v2-1", clock: .crystal(8_000_000),
      identifier: "0788", com: .pins(receive: "B11", transmit: "B10"), buttons: wakeUpButton,
      lights: discovery469Lights, memories: [discovery469Memory]),
    BoardModel(
      "stm3240g-eval", "STM3240G-EVAL", "MB786", chip: "stm32f407ig", probe: "v2", clock: .crystal(25_000_000),
      buttons: evaluationButtons, lights: evaluationLights, memories: [evaluationMemory]),
    BoardModel(
      "stm3221g-eval", "STM3221G-EVAL", "MB786", chip: "stm32f217ig", probe: "v2", clock: .crystal(25_000_000),
      buttons: evaluationButtons, lights: evaluationLights, memories: [evaluationMemory]),
    BoardModel(
      "stm3241g-eval", "STM3241G-EVAL", "MB786", chip: "stm32f417ig", probe: "v2", clock: .crystal(25_000_000),
      buttons: evaluationButtons, lights: evaluationLights, memories: [evaluationMemory]),
    BoardModel(
      "stm32429i-eval", "STM32429I-EVAL", "MB1045", chip: "stm32f429ni", probe: "v2", clock: .crystal(25_000_000),
      buttons: laterEvaluationButtons, lights: evaluation429Lights, memories: [evaluation429Memory]),
    BoardModel(
      "stm32439i-eval", "STM32439I-EVAL", "MB1045", chip: "stm32f439ni", probe: "v2", clock: .crystal(25_000_000),
      buttons: laterEvaluationButtons, lights: evaluation429Lights, memories: [evaluation429Memory]),
    BoardModel(
      "stm32469i-eval", "STM32469I-EVAL", "MB1165", chip: "stm32f469ni", probe: "v2-1", clock: .crystal(25_000_000),
      buttons: laterEvaluationButtons, lights: evaluation469Lights, memories: [evaluation429Memory]),
    BoardModel(
      "stm32446e-eval", "STM32446E-EVAL", nil, chip: "stm32f446ze", probe: "v2-1", clock: .crystal(8_000_000),
      buttons: [BoardButton("B1", at: "C13", isHighWhenPressed: false)],
      lights: evaluation446Lights, memories: [evaluation446Memory]),
    BoardModel(
      "blackpill-f401cc", "WeAct Black Pill F401CC", nil, chip: "stm32f401cc", probe: "v2", clock: .crystal(25_000_000),
      buttons: blackPillKey, lights: blackPillLight, resetWire: false, vbusWire: false),
    BoardModel(
      "blackpill-f411ce", "WeAct Black Pill F411CE", nil, chip: "stm32f411ce", probe: "v2", clock: .crystal(25_000_000),
      buttons: blackPillKey, lights: blackPillLight, resetWire: false, vbusWire: false),
    BoardModel(
      "feather-f405", "Adafruit Feather STM32F405 Express", nil, chip: "stm32f405rg", probe: "v2",
      clock: .crystal(12_000_000), lights: [BoardLight("L", at: "C1")], vbusWire: false),
    BoardModel(
      "black-f407ve", "black STM32F407VE", nil, chip: "stm32f407ve", probe: "v2", clock: .crystal(8_000_000),
      buttons: blackKeys,
      lights: [BoardLight("D2", at: "A6", isLitHigh: false), BoardLight("D3", at: "A7", isLitHigh: false)],
      vbusWire: false),
  ]
}
