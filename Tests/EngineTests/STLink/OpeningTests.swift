import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@Suite struct OpeningTests {
  @Test func `a V2 in DFU mode is taken out of it`() throws {
    let probe = ScriptedProbe(
      """
      > F1                        # GET_VERSION
      < 29 47 83 04 48 37
      > F5                        # GET_CURRENT_MODE
      < 00 01
      > F3 07                     # DFU_EXIT
      > F5                        # GET_CURRENT_MODE
      < 01 00
      > F2 43 00                  # SWD_SET_FREQ
      < 80 00
      """)
    let link = try STLink(probe: probe)
    expectFinished(probe)
    #expect(link.firmware.description == "V2J37S7")
    #expect(link.product.name == "ST-LINK/V2")
    #expect(link.clockSetting.actualKHz == 4000)
  }

  @Test func `a V2-1 found in debug mode is taken out of it, and a V2-1's second number is M`() throws {
    let probe = ScriptedProbe(
      product: 0x374B,
      """
      > F1
      < 29 5B 83 04 4B 37
      > F5
      < 02 00
      > F2 3C 01                  # DRIVE_NRST: let go of what a killed program may hold
      < 80 00
      > F2 21                     # EXIT
      \(Scripts.restOfV2)
      """)
    let link = try STLink(probe: probe)
    expectFinished(probe)
    #expect(link.firmware.description == "V2J37M27")
  }

  @Test func `a V3 tells its version by the longer command and its clocks by a list`() throws {
    let probe = ScriptedProbe(product: 0x374F, Scripts.openV3)
    let link = try STLink(probe: probe)
    expectFinished(probe)
    #expect(link.firmware.description == "V3J9M3B5S1")
    #expect(link.clocksKHz == [24_000, 8000, 3300, 1000, 200, 50, 5])
    #expect(link.clockSetting.actualKHz == 8000)
    #expect(link.clockSetting.remark == nil)
  }

  @Test(arguments: [("23 80", "V2J14S0"), ("24 40", "V2J17S0")])
  func `firmware before J22 keeps its clock and is not asked to change it`(version: String, text: String) throws {
    let probe = ScriptedProbe("> F1\n< \(version) 83 04 48 37\n> F5\n< 01 00")
    let link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: 4000)))
    expectFinished(probe)
    #expect(link.firmware.description == text)
    #expect(link.clockSetting.actualKHz == 1800)
    #expect(link.clockSetting.remark?.contains("V2J22") == true)
    #expect(link.clocksKHz == [1800])
  }

  @Test func `SWIM mode is left`() throws {
    let probe = ScriptedProbe(
      "> F1\n< 29 47 83 04 48 37\n> F5\n< 03 00\n> F4 01\n\(Scripts.restOfV2)")
    _ = try STLink(probe: probe)
    expectFinished(probe)
  }

  @Test(arguments: ["04", "07"])
  func `a mode that cannot be left is refused with a remedy, and the probe closed`(mode: String) throws {
    let probe = ScriptedProbe("> F1\n< 29 47 83 04 48 37\n> F5\n< \(mode) 00")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    expectFinished(probe)
    #expect(probe.isClosed)
    guard case .probeUnusable(_, let remedy, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(remedy.text.contains("plug it in again"))
  }

  @Test func `a probe that stays in DFU mode is refused`() throws {
    let probe = ScriptedProbe("> F1\n< 29 47 83 04 48 37\n> F5\n< 00 01\n> F3 07\n> F5\n< 00 01")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    expectFinished(probe)
    #expect(error?.report.summary.contains("DFU") == true)
  }

  @Test(arguments: [0x3744, 0x374D, 0x3755, 0x5740, 0x0000] as [UInt16])
  func `a product that cannot debug is refused before anything is sent`(product: UInt16) throws {
    let probe = ScriptedProbe(product: product, "")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(probe.batchSizes.isEmpty)
    #expect(probe.isClosed)
    guard case .probeUnusable(let reason, let remedy, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let digits = String(product, radix: 16)
    #expect(reason.contains("0483:" + String(repeating: "0", count: 4 - digits.count) + digits))
    #expect(!remedy.text.isEmpty)
  }

  @Test func `a device of another maker is refused even with a known product id`() throws {
    let probe = ScriptedProbe(product: 0x3748, vendor: 0x1234, "")
    #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(probe.batchSizes.isEmpty)
  }

  @Test func `a probe for boards with an STM8 is refused`() throws {
    // x = 16, y = 7: M16, S7, no JTAG or SWD.
    let probe = ScriptedProbe(product: 0x374B, "> F1\n< 24 07 83 04 4B 37")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(error?.report.summary.contains("V2M16S7") == true)
  }

  @Test func `firmware of the first generation is refused`() throws {
    let probe = ScriptedProbe("> F1\n< 12 C0 83 04 48 37")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(error?.report.summary.contains("V1J11") == true)
  }
}

@Suite struct StaleProbeTests {
  @Test func `a stale reply is read away and the version asked again`() throws {
    let probe = ScriptedProbe(
      """
      > F1                        # first try: 12 stale bytes come
      ! overflow
      ! timeout 29 47 83 04 48 37 # drain
      ! timeout                   # drain
      > F1                        # second try
      < 29 47 83 04 48 37
      \(Scripts.restOfV2)
      """)
    let link = try STLink(probe: probe)
    expectFinished(probe)
    #expect(link.firmware.debug == 37)
  }

  @Test func `a stale reply of the right length is told by its missing vendor id`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 80 00 00 00 03 00
      < 29 47 83 04 48 37 of 4096 # drain
      ! timeout
      > F1
      < 29 47 83 04 48 37
      \(Scripts.restOfV2)
      """)
    _ = try STLink(probe: probe)
    expectFinished(probe)
  }

  @Test func `a probe that waits for write data is reset, once`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      ! timeout
      ! timeout                   # drain
      > F1
      ! timeout
      reset
      ! timeout                   # drain after the second failure
      > F1
      < 29 47 83 04 48 37
      \(Scripts.restOfV2)
      """)
    _ = try STLink(probe: probe)
    expectFinished(probe)
    #expect(probe.testClock.waits.contains(.seconds(1)))
  }

  @Test func `a probe that stays silent is given up after the reset`() throws {
    let probe = ScriptedProbe(
      "> F1\n! timeout\n! timeout\n> F1\n! timeout\nreset\n! timeout\n> F1\n! timeout")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    expectFinished(probe)
    #expect(probe.isClosed)
    #expect(error?.report.summary == "the probe did not answer in time during GET_VERSION")
  }

  @Test func `a stall is cleared before the next try`() throws {
    let probe = ScriptedProbe(
      "> F1\n! stall\nclear 81\n! timeout\n> F1\n< 29 47 83 04 48 37\n\(Scripts.restOfV2)")
    _ = try STLink(probe: probe)
    expectFinished(probe)
  }

  @Test(arguments: ["gone", "busy", "denied"])
  func `what no retry can cure is thrown at once`(reason: String) throws {
    let probe = ScriptedProbe("! \(reason)")
    #expect(throws: DebugError.self) { try STLink(probe: probe) }
    expectFinished(probe)
    #expect(probe.isClosed)
  }

  @Test func `a failing reset is reported as such`() throws {
    let probe = ScriptedProbe("> F1\n! timeout\n! timeout\n> F1\n! timeout")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(error?.report.summary.hasSuffix("during the reset of the USB device") == true)
  }
}
