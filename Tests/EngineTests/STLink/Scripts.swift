import Engine
import TestSupport
import Testing

/// What an opening costs on probes that are idle already, to begin other scripts with.
enum Scripts {
  /// V2J37S7, 4 MHz.
  static let openV2 = """
    > F1                        # GET_VERSION
    < 29 47 83 04 48 37
    \(restOfV2)
    """

  /// V3J9M3B5S1, 8 MHz.
  static let openV3 = """
    > F1                        # GET_VERSION
    < 30 00 83 04 4F 37
    > FB                        # GET_VERSION_EX
    < 03 01 09 03 05 00 00 00 83 04 4F 37
    > F5                        # GET_CURRENT_MODE
    < 01 00
    > F2 62                     # GET_COM_FREQ
    < 80 00 00 00 E4 0C 00 00 07 00 00 00 C0 5D 00 00 40 1F 00 00 E4 0C 00 00 E8 03 00 00 C8 00 00 00 \
    32 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    > F2 61 00 00 40 1F         # SET_COM_FREQ
    < 80 00 00 00 40 1F 00 00

    """

  /// What follows the version of an idle V2 from J22 on: mode and clock.
  static let restOfV2 = """
    > F5                        # GET_CURRENT_MODE
    < 01 00
    > F2 43 00                  # SWD_SET_FREQ
    < 80 00

    """

  /// What brings a V2J37 that is idle into step after a reply was lost: reading away, and both questions.
  static let intoStep = intoStep(mode: "01")

  /// The same for a probe in a mode.
  static func intoStep(mode: String) -> String {
    """
    ! timeout                   # drain
    > F1                        # GET_VERSION
    < 29 47 83 04 48 37 of 64
    > F5                        # GET_CURRENT_MODE
    < \(mode) 00 of 64

    """
  }

  /// Arming the reset vector catch on a halted core and requesting the reset.
  static let catchReset = """
    > F2 35 F0 ED 00 E0 03 00 5F A0
    < 80 00
    > F2 36 FC ED 00 E0         # DEMCR
    < 80 00 00 00 00 00 00 00
    > F2 35 30 ED 00 E0 1F      # DFSR
    < 80 00
    > F2 35 FC ED 00 E0 01      # VC_CORERESET
    < 80 00
    > F2 36 F0 ED 00 E0         # DHCSR
    < 80 00 00 00 03 00 03 00
    > F2 08 0C ED 00 E0 04      # AIRCR
    >> 04 00 FA 05
    > F2 3E

    """

  /// Connecting to an F4 through firmware J28 and later.
  static let enter = """
    > F2 30 A3                  # ENTER
    < 80 00
    > F2 4B                     # INIT_AP
    < 80 00
    > F2 31                     # READ_IDCODES
    < 80 00 00 00 77 14 A0 2B 00 00 00 00

    """

  /// Opens a V2 with a script for what follows.
  static func v2(_ script: String) throws -> (STLink, ScriptedProbe) {
    let probe = ScriptedProbe(openV2 + script)
    return (try STLink(probe: probe), probe)
  }
}

/// Expects that a script ran through to its end without a difference.
func expectFinished(_ probe: ScriptedProbe, sourceLocation: SourceLocation = #_sourceLocation) {
  if let verdict = probe.verdict {
    Issue.record("\(verdict)", sourceLocation: sourceLocation)
  }
}
