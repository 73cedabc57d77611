/// What one version of the OTG FS core has (RM0090, RM0390 and RM0386, each in the chapter on OTG_FS).
struct OnTheGoFacts: Equatable, Sendable {
  /// How many endpoints there are in each direction.
  let endpointCount: Int
  /// Whether GCCFG.VBDEN turns VBUS sensing on and GOTGCTL can stand in for it; else GCCFG.NOVBUSSENS turns it off.
  let hasSessionOverride: Bool
  /// CID, and the identification registers that the manuals do not describe, as programs have read them from chips.
  let identification: Identification

  /// CID at 0x3C, and Synopsys's GSNPSID at 0x40 with GHWCFG1 to GHWCFG4 behind it.
  struct Identification: Equatable, Sendable {
    let core: UInt32
    let words: [UInt32]
  }

  /// F2, F401, F405 to F417, F411, F427 to F439; the words as TinyUSB's authors read them from F207, F407, F411 and F429.
  static let first = OnTheGoFacts(
    endpointCount: 4, hasSessionOverride: false,
    identification: Identification(
      core: 0x1200, words: [0x4F54_281A, 0, 0x229D_CD20, 0x0200_01E8, 0x0FF0_8030]))
  /// F412, F413, F446, F469; the words as they were read from an F412.
  static let second = OnTheGoFacts(
    endpointCount: 6, hasSessionOverride: true,
    identification: Identification(
      core: 0x2000, words: [0x4F54_320A, 0, 0x229E_D520, 0x0200_D1E8, 0x17F0_8030]))
}
