/// What a die's RCC has.
struct ClockFacts: Sendable {
  /// The bits that exist of AHB1ENR, AHB2ENR, AHB3ENR, APB1ENR, APB2ENR.
  let enable: [UInt32]
  /// The bits that exist of AHB1RSTR, AHB2RSTR, AHB3RSTR, APB1RSTR, APB2RSTR.
  let reset: [UInt32]
  /// AHB1ENR after a reset.
  let firstEnableReset: UInt32
  /// The lowest frequency in hertz at which the PLLs' oscillators run (data sheets, "PLL characteristics").
  let lowestLoopHertz: UInt64
  /// PLLCFGR after a reset, and the bits that exist.
  let loop: (reset: UInt32, writable: UInt32)
  /// PLLI2SCFGR after a reset, and the bits that exist; nil where there is no PLLI2S.
  let audioLoop: (reset: UInt32, writable: UInt32)?
  /// Whether there is a PLLSAI.
  let hasSecondAudioLoop: Bool
  /// Whether SYSCLK can be the main PLL's R output.
  let canRunOnThirdOutput: Bool
  /// Whether DCKCFGR, CKGATENR and DCKCFGR2 exist.
  let hasDedicatedClocks: Bool
  let hasClockGating: Bool
  let hasSecondDedicatedClocks: Bool
}
