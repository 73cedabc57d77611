import Engine
import LinkInterface
import TestSupport
import Testing

@Suite struct ClockTests {
  @Test(arguments: [
    (24_000, 4000, "00 00"), (4000, 4000, "00 00"), (3999, 1800, "01 00"), (1800, 1800, "01 00"),
    (1000, 950, "03 00"), (480, 480, "07 00"), (100, 100, "28 00"), (16, 15, "09 01"), (5, 5, "1E 03"),
    (1, 5, "1E 03"),
  ])
  func `a V2 gets the divisor of the nearest clock that is not above the wish`(
    wished: Int, actual: Int, divisor: String
  ) throws {
    let probe = ScriptedProbe("> F1\n< 29 47 83 04 48 37\n> F5\n< 01 00\n> F2 43 \(divisor)\n< 80 00")
    let link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: wished)))
    expectFinished(probe)
    #expect(link.clockSetting.requestedKHz == wished)
    #expect(link.clockSetting.actualKHz == actual)
    #expect((link.clockSetting.remark == nil) == (wished == actual))
  }

  @Test(arguments: [(1800, 1000, "E8 03"), (8000, 8000, "40 1F"), (1, 5, "05 00")])
  func `a V3 gets a clock of its list`(wished: Int, actual: Int, bytes: String) throws {
    let list = Scripts.openV3.components(before: "> F2 61")
    let probe = ScriptedProbe(product: 0x374E, list + "> F2 61 00 00 \(bytes)\n< 80 00 00 00 \(bytes) 00 00")
    let link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: wished)))
    expectFinished(probe)
    #expect(link.clockSetting.actualKHz == actual)
    #expect((link.clockSetting.remark == nil) == (wished == actual))
  }

  @Test func `what the probe says it made is what counts`() throws {
    let list = Scripts.openV3.components(before: "> F2 61")
    let probe = ScriptedProbe(product: 0x374E, list + "> F2 61 00 00 40 1F\n< 80 00 00 00 A0 0F 00 00")
    let link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: 8000)))
    #expect(link.clockSetting.actualKHz == 4000)
    #expect(link.clockSetting.remark == "SWD clock is 4 MHz, the nearest below, instead of 8 MHz")
  }

  @Test func `an unchanged clock is asked for on V3 and left alone on V2`() throws {
    let v2 = ScriptedProbe("> F1\n< 29 47 83 04 48 37\n> F5\n< 01 00")
    #expect(try STLink(probe: v2, options: STLinkOptions(clock: .unchanged)).clockSetting.actualKHz == nil)
    expectFinished(v2)
    let v3 = ScriptedProbe(product: 0x374E, Scripts.openV3.components(before: "> F2 61"))
    #expect(try STLink(probe: v3, options: STLinkOptions(clock: .unchanged)).clockSetting.actualKHz == 3300)
    expectFinished(v3)
  }

  @Test(arguments: ["00 00 00 00", "0B 00 00 00", "FF FF FF FF"])
  func `a clock list without sense leaves the clock as it is`(count: String) throws {
    let head = Scripts.openV3.components(before: "> F2 62")
    let zeros = String(repeating: " 00", count: 40)
    let probe = ScriptedProbe(product: 0x374E, head + "> F2 62\n< 80 00 00 00 E4 0C 00 00 \(count)\(zeros)")
    let link = try STLink(probe: probe)
    expectFinished(probe)
    #expect(link.clockSetting.actualKHz == nil && link.clocksKHz == [])
    #expect(link.clockSetting.remark?.contains("stays as it is") == true)
  }

  @Test func `a V3 that lists no clocks, or sets none, is used at the one that it has`() throws {
    let head = Scripts.openV3.components(before: "> F2 62")
    let mute = ScriptedProbe(product: 0x374E, head + "> F2 62\n< 42 00 of 52")
    #expect(try STLink(probe: mute).clockSetting.remark?.contains("does not list") == true)
    expectFinished(mute)
    let stiff = ScriptedProbe(
      product: 0x374E, Scripts.openV3.components(before: "> F2 61") + "> F2 61 00 00 40 1F\n< 42 00 of 8")
    let setting = try STLink(probe: stiff).clockSetting
    expectFinished(stiff)
    #expect(setting.actualKHz == 3300 && setting.remark?.contains("stays at 3.3 MHz") == true)
  }

  @Test func `a refused clock is an error`() throws {
    let probe = ScriptedProbe("> F1\n< 29 47 83 04 48 37\n> F5\n< 01 00\n> F2 43 00\n< 41 00")
    #expect(throws: DebugError.status(.frequencyNotSupported, during: "SWD_SET_FREQ", address: nil)) {
      try STLink(probe: probe)
    }
  }

  @Test func `a slow clock gets a long time for a long read`() throws {
    let reply = String(repeating: " 00", count: 1024)
    let probe = ScriptedProbe(
      "> F1\n< 29 47 83 04 48 37\n> F5\n< 01 00\n> F2 43 1E 03\n< 80 00\n"
        + "> F2 07 00 00 00 20 00 04\n<\(reply)\n> F2 3E\n< 80 00 00 00 00 00 00 00 00 00 00 00")
    let link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: 5)))
    _ = try link.readMemory(at: 0x2000_0000, byteCount: 1024)
    // 256 words of at least two 46-bit transfers at 5 kHz.
    #expect(probe.limits.last ?? .zero > .seconds(256 * 2 * 46 / 5000))
  }
}

extension String {
  /// The text before a line that begins with `mark`.
  func components(before mark: String) -> String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.hasPrefix(mark) }.joined(separator: "\n") + "\n"
  }
}
