/// RCC of the F2 and F4 dies: the manuals' register maps and the SVDs.
///
/// AHB1ENR.CCMDATARAMEN is set after a reset only where there is core-coupled memory: public logs show 0 on an F446 and an
/// F411, where the SVDs have the bit on every F4.
extension ClockFacts {
  static let f2 = ClockFacts(
    [0x7E64_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5F33],
    [0x2260_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5933],
    lowestLoopHertz: 192_000_000, audioLoop: (0x2000_3000, 0x7000_7FC0), hasDedicatedClocks: false)
  static let f40x = ClockFacts(
    [0x7E74_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5F33],
    [0x2260_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5933],
    firstEnableReset: 0x0010_0000, audioLoop: (0x2400_3000, 0x7000_7FC0), hasDedicatedClocks: false)
  static let f42x = ClockFacts(
    [0x7EF4_17FF, 0xF1, 1, 0xF6FE_C9FF, 0x0477_7F33],
    [0x22E0_17FF, 0xF1, 1, 0xF6FE_C9FF, 0x0437_7933],
    firstEnableReset: 0x0010_0000, hasSecondAudioLoop: true)
  static let f446 = ClockFacts(
    [0x6064_10FF, 0x81, 3, 0x3FFF_C9FF, 0x00C7_7F33],
    [0x2060_10FF, 0x81, 3, 0x37FF_C9FF, 0x00C7_7933],
    hasThirdOutput: true, hasSecondAudioLoop: true, canRunOnThirdOutput: true, hasClockGating: true,
    hasSecondDedicatedClocks: true)
  static let f401bc = ClockFacts(
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931],
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931])
  static let f401de = ClockFacts(
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931],
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931])
  static let f411 = ClockFacts(
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0017_7931],
    [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0017_7931])
  static let f410 = ClockFacts(
    [0x8060_1087, 0, 0, 0x3162_4E18, 0x0015_D131],
    [0x8060_1087, 0, 0, 0x3162_4A18, 0x0015_5131],
    loopReset: 0x7F00_3010, hasThirdOutput: true, audioLoop: nil, hasSecondDedicatedClocks: true)
  static let f412 = ClockFacts(
    [0x0060_10FF, 0xC0, 3, 0x17E6_CDFF, 0x0117_F933],
    [0x0060_10FF, 0xC0, 3, 0x17E6_C9FF, 0x0117_7933],
    hasThirdOutput: true, hasClockGating: true, hasSecondDedicatedClocks: true)
  static let f413 = ClockFacts(
    [0x0060_10FF, 0xD0, 3, 0xFFFE_CFFF, 0x0357_F9F3],
    [0x0060_10FF, 0xD0, 3, 0xFFFE_CBFF, 0x0357_79F3],
    hasThirdOutput: true, hasClockGating: true, hasSecondDedicatedClocks: true)
  static let f469 = ClockFacts(
    [0x7EF4_17FF, 0xF1, 3, 0xF6FE_C9FF, 0x0C77_7F33],
    [0x22E0_17FF, 0xF1, 3, 0xF6FE_C9FF, 0x0C77_7933],
    firstEnableReset: 0x0010_0000, hasThirdOutput: true, hasSecondAudioLoop: true)

  /// The facts of most dies, and where one differs.
  private init(
    _ enable: [UInt32], _ reset: [UInt32], lowestLoopHertz: UInt64 = 100_000_000,
    firstEnableReset: UInt32 = 0,
    loopReset: UInt32 = 0x2400_3010, hasThirdOutput: Bool = false,
    audioLoop: (reset: UInt32, writable: UInt32)? = (0x2400_3000, 0x7F43_7FFF), hasSecondAudioLoop: Bool = false,
    canRunOnThirdOutput: Bool = false, hasDedicatedClocks: Bool = true, hasClockGating: Bool = false,
    hasSecondDedicatedClocks: Bool = false
  ) {
    self.enable = enable
    self.reset = reset
    self.firstEnableReset = firstEnableReset
    self.lowestLoopHertz = lowestLoopHertz
    loop = (loopReset, hasThirdOutput ? 0x7F43_7FFF : 0x0F43_7FFF)
    self.audioLoop = audioLoop
    self.hasSecondAudioLoop = hasSecondAudioLoop
    self.canRunOnThirdOutput = canRunOnThirdOutput
    self.hasDedicatedClocks = hasDedicatedClocks
    self.hasClockGating = hasClockGating
    self.hasSecondDedicatedClocks = hasSecondDedicatedClocks
  }
}
