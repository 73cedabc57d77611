import Testing

@testable import SimProbe

/// What the known host programs send, byte for byte, and the answers that they need.
@Suite struct HostConversationTests {
  /// What is behind the probe.
  enum Target: CaseIterable {
    case scripted
    case stm32f407
  }

  private func converse(_ name: String, _ target: Target = .scripted, _ text: String) throws {
    let session: ProbeSession =
      switch target {
      case .scripted: try ProbeBench(name)
      case .stm32f407: try BoardSession("stm32f407vg", probe: name)
      }
    try Conversation(text).run(on: session)
  }

  private static let softResetWithHalt = """
    F2 35 F0 ED 00 E0 03 00 5F A0 -> 80 00
    F2 35 FC ED 00 E0 01 05 00 01 -> 80 00
    F2 35 30 ED 00 E0 08 -> 80 00
    F2 36 F0 ED 00 E0 -> 80 00 xx*6
    F2 35 0C ED 00 E0 04 00 FA 05 -> 80 00
    wait 2                                            # NRST is low for 1.09 ms
    F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx xx 02      # S_RESET_ST
    F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 00
    F2 36 30 ED 00 E0 -> 80 00 xx xx 08|09 00 00 00   # VCATCH
    F2 35 30 ED 00 E0 1F -> 80 00
    """

  private static let stlinkIdentify = """
    F5 -> 02 xx
    F2 31 -> 80 00 xx xx 77 14 A0 2B 00 00 00 00
    F2 36 00 ED 00 E0 -> 80 00 xx xx 41 C2 0F 41
    F2 36 00 20 04 E0 -> 80 00 xx xx 13 64 xx 10
    F2 36 20 7A FF 1F -> 80 00 xx xx xx xx 00 04
    """

  @Test(arguments: Target.allCases) func `st-flash opens hot-plug, halts, and leaves`(target: Target) throws {
    try converse(
      "v2", target,
      """
      F1 -> 29 47 83 04 48 37
      F5 -> 00 xx
      F3 07
      F2 43 01 -> 80 00
      F5 -> 01 xx
      F2 30 A3 -> 80 00
      \(Self.stlinkIdentify)
      F5 -> 02 xx
      F2 35 F0 ED 00 E0 03 00 5F A0 -> 80 00
      F2 36 08 20 04 E0 -> 80 00 xx*6
      F2 35 08 20 04 E0 00 18 00 00 -> 80 00
      F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 xx
      F2 35 F0 ED 00 E0 00 00 5F A0 -> 80 00
      F2 21
      F5 -> 01 xx
      """)
  }

  @Test(arguments: Target.allCases) func `st-info connects with an NRST pulse and a reset of the core`(target: Target)
    throws
  {
    try converse(
      "v2-1", target,
      """
      F1 -> 29 5B 83 04 4B 37
      F5 -> 01 xx
      F2 43 01 -> 80 00
      F2 30 A3 -> 80 00
      F2 36 F0 ED 00 E0 -> 80 00 xx*6
      F2 3C 00 -> 80 00
      F2 3C 01 -> 80 00
      F2 32 -> 80 00
      wait 10
      F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx xx 02|03
      F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx xx 00|01
      \(Self.stlinkIdentify)
      """)
  }

  @Test(arguments: Target.allCases) func `st-flash connects under reset and resets softly with halt`(target: Target)
    throws
  {
    try converse(
      "v2", target,
      """
      F3 07
      F2 3C 00 -> 80 00
      F5 -> 01 00
      F2 30 A3 -> 80 00
      F2 35 F0 ED 00 E0 03 00 5F A0 -> 80 00
      F2 36 F0 ED 00 E0 -> 80 00 xx*6
      F2 3C 01 -> 80 00
      wait 10
      F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx xx 02|03
      \(Self.softResetWithHalt)
      \(Self.stlinkIdentify)
      """)
  }

  @Test(arguments: Target.allCases)
  func `st-flash loads and starts its loader and reads back without asking for statuses`(target: Target) throws {
    try converse(
      "v2", target,
      """
      F3 07
      F2 30 A3 -> 80 00
      F2 31 -> 80 00 xx*10
      F2 35 F0 ED 00 E0 0B 00 5F A0 -> 80 00
      F2 36 30 38 02 40 -> 80 00 xx*6
      F2 36 0C 3C 02 40 -> 80 00 xx xx 00 00 00 00
      F7 -> xx*8
      F2 08 00 00 00 20 30 <= 01*48
      F2 3E -> 80 00 00*10
      F2 08 30 00 00 20 08 <= A1 A2 A3 A4 A5 A6 A7 A8
      F2 3E -> 80 00 00*10
      F2 34 00 30 00 00 20 -> 80 00
      F2 34 02 B8 0B -> 80 00
      F2 34 0F 00 00 00 20 -> 80 00
      F2 35 00 30 00 40 AA AA -> 80 00
      F2 33 10 -> 80 00 xx*6
      F2 34 10 00 00 00 01 -> 80 00
      F2 33 10 -> 80 00 xx xx 00 00 00 01
      F2 33 00 -> 80 00 xx xx 30 00 00 20
      F2 33 02 -> 80 00 xx xx B8 0B 00 00
      F2 07 30 00 00 20 08 -> A1 A2 A3 A4 A5 A6 A7 A8
      F2 0C 33 00 00 20 03 -> A4 A5 A6
      """.replacingRepeats())
  }

  @Test(arguments: Target.allCases) func `OpenOCD's high-level adapter opens, examines and programs`(target: Target)
    throws
  {
    try converse(
      "v2-1", target,
      """
      F1 -> 29 5B 83 04 4B 37
      F5 -> 01 xx
      F7 -> xx*8
      F2 43 01 -> 80 00
      F2 30 A3 -> 80 00
      F5 -> 02 00
      F2 4B 00 -> 80 00
      F2 07 00 ED 00 E0 04 -> 41 C2 0F 41
      F2 3E -> 80 00 00*10
      F2 3C 01 -> 80 00
      F2 31 -> 80 00 xx xx 77 14 A0 2B 00 00 00 00
      F2 07 40 EF 00 E0 04 -> 21 00 11 10
      F2 3E -> 80 00 00*10
      F2 08 F0 ED 00 E0 04 <= 01 00 5F A0
      F2 3E -> 80 00 00*10
      F2 07 04 20 04 E0 04 -> xx*4
      F2 08 04 20 04 E0 04 <= 07 00 00 00
      F2 3E -> 80 00 00*10
      F2 36 F0 ED 00 E0 -> 80 00 xx*6
      F2 35 F0 ED 00 E0 01 00 5F A0 -> 80 00
      F2 35 FC ED 00 E0 01 00 00 01 -> 80 00
      F2 35 0C ED 00 E0 04 00 FA 05 -> 80 00
      F2 32 -> 80 00
      wait 2
      F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx 03 02
      F2 07 F8 ED 00 E0 04 -> xx*4
      F2 33 0F -> 80 00 xx*6
      F2 33 5F -> 80 00 xx*6
      F2 33 21 -> 80 00 xx*6
      F2 35 FC ED 00 E0 00 00 00 01 -> 80 00
      F2 47 22 7A FF 1F 02 -> 00 04
      F2 3E -> 80 00 00*10
      F2 08 4C 00 00 20 04 <= 54 00 00 20
      F2 3E -> 80 00 00*10
      F2 07 4C 00 00 20 04 -> 54 00 00 20
      F5 -> 02 00
      F2 21
      """)
  }

  @Test(arguments: Target.allCases) func `OpenOCD resets the target while NRST is low`(target: Target) throws {
    try converse(
      "v2-1", target,
      """
      F2 30 A3 -> 80 00
      F2 3C 00 -> 80 00
      F2 35 F0 ED 00 E0 01 00 5F A0 -> 80 00
      F2 35 FC ED 00 E0 01 00 00 01 -> 80 00
      F2 32 -> 80 00
      F2 3C 01 -> 80 00
      wait 10
      F2 36 F0 ED 00 E0 -> 80 00 xx xx xx xx 03 02
      """)
  }

  @Test(arguments: Target.allCases) func `OpenOCD's direct adapter initialises the debug port itself`(target: Target)
    throws
  {
    try converse(
      "v2", target,
      """
      F1 -> 29 47 83 04 48 37
      F5 -> 00 xx
      F3 07
      F5 -> 01 xx
      F7 -> xx*8
      F2 43 1E 03 -> 80 00
      F2 3C 00 -> 80 00
      F2 30 A3 -> 80 00
      F2 3C 00 -> 80 00
      F2 4B 00 -> 80 00
      F2 07 00 ED 00 E0 04 -> 41 C2 0F 41
      F2 3E -> 80 00 00*10
      F2 43 01 -> 80 00
      F2 46 FF FF 04 00 20 00 00 50 -> 80 00
      F2 45 FF FF 04 -> 80 00 xx xx xx 00 00 F0
      F2 46 FF FF 04 00 00 00 00 50 -> 80 00
      F2 45 FF FF 04 -> 80 00 xx xx xx 00 00 F0
      F2 31 -> 80 00 xx xx 77 14 A0 2B 00 00 00 00
      F2 45 00 00 FC -> 80 00 xx xx 11 00 77 24
      F2 45 FF FF 04 -> 80 00 xx xx xx 00 00 F0
      F2 45 00 00 F4 -> 80 00 xx xx 00 00 00 00
      F2 46 00 00 00 00 00 00 00 A2 -> 80 00
      F2 46 00 00 04 -> 80 00
      F2 45 00 00 00 -> 80 00 xx xx xx 00 00 23|A2
      F2 07 00 ED 00 E0 04 00 00 00 00 A2 -> 41 C2 0F 41
      F2 3E -> 80 00 00*10
      F2 08 F0 ED 00 E0 04 00 00 00 00 A2 <= 01 00 5F A0
      F2 08 F8 ED 00 E0 08 00 00 00 00 A2 <= 00 00 00 00 01 05 00 01
      F2 3E -> 80 00 00*10
      F2 3C 01 -> 80 00                                        # nothing else triggers the reset
      F2 07 F0 ED 00 E0 04 00 00 00 00 A2 -> xx xx 03 02
      F2 4C 00 -> 80 00
      F5 -> 02 xx
      F2 21
      """)
  }

  @Test(arguments: ["v2", "v3set"], Target.allCases)
  func `pyOCD opens, looks at the ports, and powers the debug port down`(
    name: String, target: Target
  ) throws {
    try converse(
      name, target,
      """
      F5 -> xx xx
      F3 07
      F1 -> xx*6
      F7 -> xx*8
      F2 56 -> 80 00 xx*4 00*122
      F5 -> 01 xx
      F2 30 A3 -> 80 00
      F2 45 FF FF 00 -> 80 00 xx xx 77 14 A0 2B
      F2 46 FF FF 00 00 1E -> 80 00
      F2 46 FF FF 04 00 00 0F 00 50 -> 80 00
      F2 45 FF FF 04 -> 80 00 xx xx xx xx xx F0
      F2 45 00 00 FC -> 80 00 xx xx 11 00 77 24
      F2 45 01 00 FC -> 80 00 xx xx 00 00 00 00
      F2 45 02 00 FC -> 80 00 xx xx 00 00 00 00
      F2 45 03 00 FC -> 80 00 xx xx 00 00 00 00
      F2 4B 00 -> 80 00
      F2 45 00 00 00 -> 80 00 xx*6
      F2 46 00 00 00 00 40 00 00 6F -> 80 00
      F2 45 00 00 F8 -> 80 00 xx xx 03 F0 0F E0
      F2 46 00 00 00 00 40 00 00 23 -> 80 00
      F2 07 FC ED 00 E0 04 00 00 00 00 23 -> xx*4
      F2 3E -> 80 00 00*10
      F2 08 F0 ED 00 E0 04 00 00 00 00 23 <= 03 00 5F A0
      F2 3E -> 80 00 00*10
      F2 08 F4 ED 00 E0 04 00 00 00 00 23 <= 0F 00 00 00
      F2 07 F8 ED 00 E0 04 00 00 00 00 23 -> xx*4
      F2 0C 01 00 00 20 03 00 00 00 00 23 -> xx*3
      F2 07 04 00 00 20 7C 00 00 00 00 23 -> xx*124
      F2 07 00 00 00 60 04 00 00 00 00 23 -> xx*4
      F2 3E -> 11 00 xx xx 00 00 00 60 xx*4
      F2 46 FF FF 00 00 1E -> 80 00
      F2 46 FF FF 04 00 00 0F 00 10 -> 80 00
      F2 45 FF FF 04 -> 80 00 xx xx xx xx xx 30            # the system power acknowledge drops with its request
      F2 46 FF FF 04 00 00 0F 00 00 -> 80 00
      F2 45 FF FF 04 -> 80 00 xx xx xx xx xx 00
      F5 -> 02 xx
      F2 21
      F5 -> 01 xx
      """)
  }

  @Test(arguments: Target.allCases) func `pyOCD sets a V3's clock`(target: Target) throws {
    try converse(
      "v3set", target,
      """
      F1 -> 30 00 83 04 4F 37
      FB -> 03 01 09 03 05 00 00 00 83 04 4F 37
      F2 63 01 -> 40 00 xx*6
      F2 61 00 00 E8 03 00 00 -> 80 00 xx xx E8 03 00 00
      F2 61 00 00 08 07 00 00 -> 80 00 xx xx E8 03 00 00
      """)
  }

  @Test(arguments: ["v2", "v3"], Target.allCases) func `probe-rs attaches, scans the ports and reads`(
    name: String, target: Target
  ) throws {
    try converse(
      name, target,
      """
      F5 -> xx xx
      F3 07
      F1 -> xx*6
      F5 -> 01 xx
      F7 -> xx*8
      F2 30 A3 00 -> 80 00
      F2 4B 00 -> 80 00
      F2 45 00 00 FC -> 80 00 xx xx 11 00 77 24
      F2 4B 01 -> 80 00
      F2 45 01 00 FC -> 80 00 xx xx 00 00 00 00
      F2 45 00 00 00 -> 80 00 xx*6
      F2 07 04 20 04 E0 04 -> xx*4
      F2 3E -> 80 00 00*10
      F2 08 04 20 04 E0 04 <= 07 00 00 00
      F2 3E -> 80 00 00*10
      F2 07 F0 ED 00 E0 04 -> xx*4
      F2 3E -> 80 00 00*10
      F2 08 F0 ED 00 E0 04 <= 01 00 5F A0
      F2 3E -> 80 00 00*10
      F2 3C 02 -> 80 00
      F5 -> 02 xx
      F2 21
      """)
  }

  @Test(arguments: Target.allCases) func `ST's tools connect as recorded`(target: Target) throws {
    try converse(
      "v2:V2J16S0", target,
      """
      F1 80 -> 24 00 83 04 48 37
      F5 -> 00 01
      F3 07
      F7 -> 9B 06 00 00 xx xx 00 00
      F2 30 A3 -> 80 00
      F2 32 -> 80 00
      wait 2
      F2 35 08 20 04 E0 00 10 00 00 -> 80 00
      F2 35 04 20 04 E0 07 01 00 00 -> 80 00
      F2 35 F0 ED 00 E0 03 00 5F A0 -> 80 00
      F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 02
      F2 35 F0 ED 00 E0 03 00 5F A0 -> 80 00
      F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 00
      F2 35 FC ED 00 E0 01 -> 80 00
      F2 35 0C ED 00 E0 04 00 FA 05 -> 80 00
      wait 2
      F2 36 0C ED 00 E0 -> 80 00 xx xx 00 00 05 FA
      F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 02
      F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 00
      F2 34 10 00 00 00 01 -> 80 00
      F2 35 FC ED 00 E0 -> 80 00
      F2 07 00 20 04 E0 04 -> 13 64 xx 10
      F2 3E -> 80 00 00*10
      F2 08 00 30 00 40 04 <= AA AA 00 00
      F2 3E -> 80 00 00*10
      F2 3A -> 80 00 xx*86
      F2 3B -> 80 00
      F2 41 -> 80 00
      F2 40 00 10 80 84 1E 00 -> 80 00
      F2 42 -> 00 00
      F5 -> 02 00
      F2 35 F0 ED 00 E0 00 00 5F A0 -> 80 00
      F2 21
      """)
  }

  @Test(arguments: Target.allCases) func `a recorded connect without a link goes as it went`(target: Target) throws {
    try converse(
      "v2:V2J14S0", target,
      """
      F1 80 -> 23 80 83 04 48 37
      F5 -> 00 01
      F3 07
      F2 30 00 -> 04 00
      F2 32 -> 04 00
      F5 -> 02 00
      F2 35 F0 ED 00 E0 00 00 5F A0 -> 08 00
      F2 21
      """)
  }

  @Test(arguments: Target.allCases) func `Black Magic resets the target before it enters debug mode`(target: Target)
    throws
  {
    try converse(
      "v3", target,
      """
      FB -> 03 00 07 03 00 00 00 00 83 04 4E 37
      F5 -> 01 xx
      F2 32 -> 80 00
      F7 -> xx*8
      F2 61 00 00 A0 0F 00 00 -> 80 00 xx xx E4 0C 00 00
      F2 30 A3 -> 80 00
      F2 45 FF FF 24 -> 80 00 xx*6
      F2 4B 00 -> 80 00
      F2 07 00 ED 00 E0 04 -> 41 C2 0F 41
      F2 3E -> 80 00 00*10
      """)
  }

  /// Halt, registers, step, a breakpoint and run as the first API has them.
  @Test(arguments: ["v2-old", "v2", "v2-1", "v3"]) func `the first API's commands work the core`(name: String) throws {
    let session = try BoardSession("stm32f407vg", probe: name)
    try Conversation(
      """
      F3 07
      F2 20 A3                                          # ENTER, without an answer
      F5 -> 02 xx
      F2 22 -> 77 14 A0 2B
      F2 01 -> 80 xx                                    # running
      F2 02 -> 80 xx
      F2 01 -> 81 xx                                    # halted
      F2 0F 00 00 00 20 00 BF 00 BF -> 80 xx            # two NOPs
      F2 0F 04 00 00 20 FE E7 FE E7 -> 80 xx            # branches to themselves
      F2 06 0F 00 00 00 20 -> 80 xx
      F2 0A -> 80 xx
      F2 05 0F -> 02 00 00 20                           # one step behind
      F2 06 00 78 56 34 12 -> 80 xx
      F2 04 -> 78 56 34 12 xx*56 02 00 00 20 xx*20
      F2 0B 00 04 00 00 20 02 -> 80 xx                  # a breakpoint unit of version 1 takes none in RAM
      F2 36 08 20 00 E0 -> 80 00 xx xx 05 00 00 C0
      F2 0E 00 -> 80 xx
      F2 36 08 20 00 E0 -> 80 00 xx xx 00 00 00 00
      F2 09 -> 80 xx
      F2 01 -> 80 xx
      F2 03 -> 80 xx
      F2 21
      """
    ).run(on: session)
  }
}
