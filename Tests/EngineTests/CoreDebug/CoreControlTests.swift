import LinkInterface
import TestSupport
import Testing

@testable import Engine

@Suite struct CoreControlTests {
  private let probe = ModelProbe()
  private let link: STLink
  private let core: CoreControl

  init() throws {
    link = try STLink(probe: probe)
    try link.enter()
    core = CoreControl(link)
    probe.target.resetSticky = false
  }

  @Test func `a running core is halted, and a halted one stays so`() throws {
    #expect(try core.status().state == .running)
    try core.halt()
    try core.halt()
    let status = try core.status()
    #expect(status.state == .halted)
    #expect(status.haltReasons == [.request])
    #expect(status.description == "halted (request)")
  }

  @Test func `a core that does not halt is given up after the limit, with DHCSR as evidence`() throws {
    probe.target.canHalt = false
    let before = probe.testClock.now
    let expected = DebugError.targetTimeout(
      waitingFor: "the core to halt", limit: .milliseconds(500), lastValue: 0x0001_0003)
    #expect(throws: expected) { try core.halt() }
    let waited = probe.testClock.now - before
    #expect(waited >= .milliseconds(500) && waited < .milliseconds(510))
  }

  @Test func `running with masked interrupts changes the mask while the core is still halted`() throws {
    try core.halt()
    probe.target.writes = []
    try core.run(maskingInterrupts: true)
    #expect(dhcsrWrites == [0xA05F_000B, 0xA05F_0009])
    #expect(try core.status().state == .running)
    #expect(probe.target.dfsr == 0)
  }

  @Test func `running with interrupts is one write`() throws {
    try core.halt()
    probe.target.writes = []
    try core.run()
    #expect(dhcsrWrites == [0xA05F_0001])
  }

  @Test func `a step masks interrupts before it and lets them go after it`() throws {
    try core.step()
    #expect(dhcsrWrites == [0xA05F_0003, 0xA05F_000B, 0xA05F_000D, 0xA05F_0003])
    #expect(probe.target.stepCount == 1)
    #expect(try core.status().state == .halted)
  }

  @Test func `a step that does not end leaves a halt requested`() throws {
    try core.halt()
    probe.target.canHalt = false
    #expect(throws: DebugError.self) { try core.step() }
    #expect(dhcsrWrites.last == 0xA05F_0003)
  }

  @Test func `reset and halt catches the core and disarms the catch`() throws {
    probe.target.demcr = 0x0100_0000
    try core.resetAndHalt()
    #expect(probe.target.resetCount == 1)
    #expect(probe.target.isHalted)
    #expect(probe.target.demcr == 0x0100_0000)
    #expect(try core.status().haltReasons == [.vectorCatch])
  }

  @Test func `a catch that an earlier program left armed is disarmed too`() throws {
    probe.target.demcr = 1
    try core.resetAndHalt()
    #expect(probe.target.demcr == 0)
  }

  @Test func `a reset that does not happen disarms the catch and says so`() throws {
    probe.target.canReset = false
    let error = #expect(throws: DebugError.self) { try core.resetAndHalt() }
    #expect(probe.target.demcr == 0)
    guard case .targetTimeout("the core to halt after reset", _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a refused reset request is the error when no reset shows itself`() throws {
    probe.target.faults = [0xE000_ED0C..<0xE000_ED10]
    #expect(throws: DebugError.status(.accessPortFault, during: "WRITEMEM32", address: 0xE000_ED0C)) {
      try core.resetAndHalt()
    }
    #expect(probe.target.demcr == 0)
  }

  @Test func `a reset that breaks its own request and the first looks at it still counts`() throws {
    let (link, probe) = try Scripts.v2(
      """
      \(Scripts.catchReset)
      < 12 00 00 00 00 00 00 00 00 00 00 00
      > F2 36 F0 ED 00 E0
      < 16 00 of 8
      > F2 36 F0 ED 00 E0
      < 80 00 00 00 03 00 03 02
      > F2 36 F0 ED 00 E0
      < 80 00 00 00 03 00 03 00
      > F2 35 FC ED 00 E0
      < 80 00
      """)
    try CoreControl(link).resetAndHalt()
    expectFinished(probe)
  }

  @Test func `a pulse on NRST tells whether it is wired`() throws {
    #expect(try core.pulseResetLine())
    #expect(!link.isResetAsserted)
    probe.target.isResetWired = false
    #expect(try core.pulseResetLine() == false)
    #expect(probe.target.resetCount == 1)
  }

  @Test func `a reset since the last look is told once, a reset that lasts is a state`() throws {
    probe.target.resetSticky = true
    #expect(try core.status().hasBeenReset)
    #expect(try core.status().hasBeenReset == false)
    try link.driveReset(.asserted)
    #expect(try core.status().state == .inReset)
  }

  @Test func `sleep and lockup are told`() throws {
    probe.target.isSleeping = true
    #expect(try core.status().state == .sleeping)
    probe.target.isLockedUp = true
    #expect(try core.status().description == "locked up")
  }

  @Test func `waiting for a breakpoint ends when the core halts by itself`() throws {
    try core.halt()
    try core.run()
    let probe = probe
    let started = probe.testClock.now
    probe.testClock.onWait = {
      if probe.testClock.now - started > .milliseconds(30) {
        probe.target.isHalted = true
        probe.target.dfsr = 2
      }
    }
    #expect(try core.waitForHalt(within: .seconds(1))[.halted])
    #expect(try core.status().haltReasons == [.breakpoint])
  }

  private var dhcsrWrites: [UInt32] {
    probe.target.writes.filter { $0.address == 0xE000_EDF0 }.map(\.value)
  }
}
