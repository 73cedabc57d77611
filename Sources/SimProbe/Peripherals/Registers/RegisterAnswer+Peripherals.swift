/// What the peripherals without a model of their own acknowledge.
extension RegisterAnswer {
  private static let millisecond: UInt64 = 1_000_000
  private static let microsecond: UInt64 = 1_000

  /// CAN enters and leaves sleep and initialisation; an idle bus lets it synchronise (RM0090, 32.4).
  static let controllerAreaNetwork = [
    RegisterAnswer(0x00, 1 << 0, .follows(register: 0x04, bit: 0), after: 20 * microsecond),
    RegisterAnswer(0x00, 1 << 1, .follows(register: 0x04, bit: 1), after: 20 * microsecond),
    RegisterAnswer(0x00, 1 << 15, .clears),
  ]

  /// The OTG cores' resets and FIFO flushes end, and a forced mode is taken on within 25 ms (RM0090, 34.16.2).
  static let onTheGoUSB = [
    RegisterAnswer(0x10, 0x33, .clears, after: 2 * microsecond),
    RegisterAnswer(0x0C, 1 << 29, .follows(register: 0x14, bit: 0), after: 25 * millisecond),
  ]

  /// Without a card every command with a response times out after 64 card clocks (RM0090, 31.3.1), others are sent.
  static let cardInterface = [
    RegisterAnswer(0x0C, 0x40, .raises(register: 0x34, bits: 1 << 2), after: 160 * microsecond),
    RegisterAnswer(0x0C, 1 << 10, .raises(register: 0x34, bits: 1 << 7), after: 160 * microsecond),
    RegisterAnswer(0x38, 0x00C0_07FF, .lowers(register: 0x34)),
  ]

  /// Transfers end at once, whatever they do not move (RM0090, 11.5).
  static let graphicsAccelerator = [
    RegisterAnswer(0x00, 1 << 0, .clears, after: 10 * microsecond),
    RegisterAnswer(0x00, 1 << 0, .raises(register: 0x04, bits: 1 << 1), after: 10 * microsecond),
    RegisterAnswer(0x08, 0x3F, .lowers(register: 0x04)),
  ]

  /// The shadow registers are reloaded (RM0090, 16.7.6).
  static let displayController = [
    RegisterAnswer(0x24, 0x3, .clears, after: 20 * microsecond),
    RegisterAnswer(0x3C, 0xF, .lowers(register: 0x38)),
  ]

  /// The regulator and the PLL of the display interface become ready (RM0386, 18.15).
  static let displayHost = [
    RegisterAnswer(0x430, 1 << 24, .follows(register: 0x40C, bit: 12), after: 2 * millisecond),
    RegisterAnswer(0x430, 1 << 0, .follows(register: 0x40C, bit: 8), after: 400 * microsecond),
  ]

  /// An abort ends, and a command without data is over (RM0390, 12.5).
  static let quadSPI = [
    RegisterAnswer(0x00, 1 << 1, .clears, after: microsecond),
    RegisterAnswer(0x14, 0x0300, .raises(register: 0x08, bits: 1 << 1), after: 2 * microsecond),
    RegisterAnswer(0x0C, 0x1B, .lowers(register: 0x08)),
  ]

  /// Flags that are cleared through another register.
  static let lowPowerTimer = [RegisterAnswer(0x04, 0x7F, .lowers(register: 0x00))]
  /// The key and the flushes end (RM0090, 23.6).
  static let cryptographic = [
    RegisterAnswer(0x00, 1 << 14, .clears), RegisterAnswer(0x00, 1 << 15, .follows(register: 0x04, bit: 4)),
  ]
}
