/// A firmware whose clock and wait states do not go together; its source is firmware/tests/racing-firmware.s.
struct RacingFirmware: CustomStringConvertible {
  /// FLASH_ACR.
  var accessControl: UInt32 = 0
  /// The bit of RCC_CR that starts the oscillator, and the one that tells that it is ready; 0 for the internal one.
  var oscillator: (on: UInt32, ready: UInt32) = (0, 0)
  var pll: UInt32
  /// RCC_CFGR: the PLL as system clock, AHB / 1, APB1 / 4, APB2 / 2.
  var configuration: UInt32 = 0x9402
  /// Whether it goes on in RAM, where it runs.
  var isInRAM = false
  var description: String

  private static let crystal: (on: UInt32, ready: UInt32) = (1 << 16, 1 << 17)

  /// 84 MHz from the internal oscillator, which every part allows.
  private static let within: UInt32 = 0x0401_5410
  /// 216 MHz, which none does.
  private static let beyond: UInt32 = 0x0400_6C10

  static let withoutWaitStates = RacingFirmware(pll: within, description: "84 MHz, no wait state")
  static let withOneWaitState = RacingFirmware(
    accessControl: 0x701, pll: within, description: "84 MHz, 1 wait state, caches")
  static let tooFast = RacingFirmware(accessControl: 0x705, pll: beyond, description: "216 MHz")
  static let runningInRAM = RacingFirmware(pll: within, isInRAM: true, description: "84 MHz, no wait state, in RAM")
  /// 8 MHz / 4 * 168 / 2 = 168 MHz with the wait states of 120 MHz: by its registers it might be 84 MHz.
  static let withUnknownCrystal = RacingFirmware(
    accessControl: 3, oscillator: crystal, pll: 0x0740_2A04, description: "168 MHz by a crystal, 3 wait states")
  /// For a crystal of 8 MHz, 120 MHz and the right wait states; with 25 MHz it is 375 MHz.
  static let onWrongCrystal = RacingFirmware(
    accessControl: 0x703, oscillator: crystal, pll: 0x0740_3C08, description: "a crystal of 25 MHz instead of 8")

  /// The program with its settings.
  var bytes: [UInt8] {
    let settings = [accessControl, oscillator.on, oscillator.ready, pll, configuration, isInRAM ? 1 : 0]
    let words = TestFirmware.racing.words.dropLast(settings.count) + settings
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
