import Failures
import TestSupport
import Testing

@testable import Engine

@Suite struct ClockFallbackTests {
  private let probe = ModelProbe()
  private let link: STLink

  init() throws {
    link = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: 4000)))
  }

  @Test func `good wires keep the clock that was asked for`() throws {
    _ = try Attach.run(link)
    #expect(link.clockSetting.actualKHz == 4000)
    #expect(link.clockReductions.isEmpty)
  }

  @Test(arguments: AttachMode.allCases)
  func `wires that garble at the clock are used at the fastest that they carry`(mode: AttachMode) throws {
    probe.target.isCleanUpToKHz = 1000
    var told: [ClockReduction] = []
    link.onClockReduction = { told.append($0) }
    let attachment = try Attach.run(link, mode: mode)
    #expect(attachment.report.cpuid.isCortexM3OrM4)
    #expect(link.clockSetting.actualKHz == 950)
    #expect(told.map(\.toKHz) == [950])
    #expect(link.clockReductions == told)
    #expect(told.first?.message.text.contains("slowed down to 950 kHz") ?? false)
    #expect(mode == .underReset || probe.target.resetCount == 0)
  }

  @Test func `a target that is silent at the clock is found at a lower one, without a reset`() throws {
    probe.target.answersUpToKHz = 500
    let attachment = try Attach.run(link)
    #expect(attachment.report.mode == .normal)
    #expect(link.clockSetting.actualKHz == 480)
    #expect(attachment.report.steps.map(\.hasWorked).prefix(2) == [false, true])
    #expect(probe.target.resetCount == 0)
  }

  @Test func `wires that go bad in mid-session slow the session down, and the read succeeds`() throws {
    _ = try Attach.run(link)
    probe.target.isCleanUpToKHz = 500
    #expect(try link.readWord(at: 0xE000_ED00) == 0x410F_C241)
    #expect(link.clockReductions.map(\.toKHz) == [480])
  }

  @Test func `a garbled write that must not happen twice is an error`() throws {
    _ = try Attach.run(link)
    probe.target.isConnected = false
    probe.commands = []
    #expect(throws: DebugError.status(.accessPortError, during: "WRITEMEM32", address: 0x4002_3C04)) {
      try link.writeWord(0x4567_0123, at: 0x4002_3C04)
    }
    #expect(probe.commands == [0x08, 0x3E])
  }

  @Test func `a target that is gone stays gone, at the clock that was set`() throws {
    _ = try Attach.run(link)
    probe.target.isConnected = false
    #expect(throws: DebugError.status(.accessPortError, during: "READDEBUGREG", address: 0xE000_ED00)) {
      try link.readWord(at: 0xE000_ED00)
    }
    #expect(probe.kHz == 4000)
    #expect(link.clockReductions.isEmpty)
  }

  @Test func `the quality of clean wires is measured without a write`() throws {
    try link.enter()
    let quality = try #require(try link.measureQuality(readCount: 16))
    #expect(quality.isClean)
    #expect(quality.summary == "no error in 16 reads, 6,144 bits")
    #expect(probe.target.writes.isEmpty)
  }

  @Test func `firmware that cannot change its clock is asked for none`() throws {
    probe.version = [0x24, 0x40]
    let link = try STLink(probe: probe)
    probe.target.isConnected = false
    probe.commands = []
    #expect(throws: DebugError.self) { try Attach.run(link, mode: .normal) }
    #expect(!probe.commands.contains(0x43))
  }
}
