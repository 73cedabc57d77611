import Failures
import LinkInterface
import TestSupport
import Testing

@testable import Engine

@Suite struct AttachTests {
  private let probe = ModelProbe()
  private let link: STLink

  init() throws {
    link = try STLink(probe: probe)
  }

  @Test func `normal halts without a reset and keeps the target awake`() throws {
    probe.target.dbgmcu[0xE004_2004] = 0x20
    let attachment = try Attach.run(link, mode: .normal)
    #expect(probe.target.isHalted)
    #expect(probe.target.resetCount == 0)
    #expect(probe.target.dbgmcu[0xE004_2004] == 0x27)
    #expect(probe.target.dbgmcu[0xE004_2008] == 0x1800)
    #expect(attachment.report.mode == .normal)
    #expect(attachment.report.dpidr == 0x2BA0_1477)
    #expect(attachment.report.cpuid.isCortexM3OrM4)
    #expect(attachment.report.resetLine == .notTested)
  }

  @Test func `hot plug writes nothing, resets nothing, halts nothing, and leaves all as it was`() throws {
    let attachment = try Attach.run(link, mode: .hotPlug)
    let state = try attachment.detach()
    #expect(probe.target.writes.isEmpty)
    #expect(!probe.commands.contains(0x3C))
    #expect(state.core?.state == .running)
    try link.close()
    #expect(probe.target.writes.isEmpty)
  }

  @Test(arguments: [1, 2, 3, 40, 301])
  func `a core that answers zeros while it sleeps is kept awake for the look, and left as it was`(count: Int) throws {
    probe.target.accessesAsleep = count
    let attachment = try Attach.run(link, mode: .hotPlug)
    #expect(attachment.report.cpuid.isCortexM3OrM4)
    _ = try attachment.detach()
    #expect(probe.target.dbgmcu[0xE004_2004] == 0)
    #expect(!probe.target.writes.contains { $0.address == 0xE000_EDF0 }, "a hot plug halts nothing")
  }

  @Test func `opening, describing and closing a probe touches no target`() throws {
    let description = try link.describe()
    try link.close()
    #expect(probe.target.writes.isEmpty)
    #expect(probe.target.resetCount == 0)
    #expect(Set(probe.commands) == [0xF1, 0xF5, 0x43, 0xF7])
    #expect(description.product.name == "ST-LINK/V2")
    #expect(description.serial?.text == "066CFF343339415043114433")
    #expect(description.targetMillivolts == 3272)
    #expect(description.clocksKHz.first == 4000)
    #expect(description.remarks == [])
  }

  @Test func `under reset catches the core as NRST is released, and disarms the catch`() throws {
    let attachment = try Attach.run(link, mode: .underReset)
    #expect(probe.target.isHalted)
    #expect(probe.target.resetCount == 1)
    #expect(probe.target.demcr == 0)
    #expect(!link.isResetAsserted)
    #expect(attachment.report.mode == .underReset)
    #expect(attachment.report.resetLine == .wired)
    #expect(probe.target.dbgmcu[0xE004_2004] == 7)
    let nrst = probe.commands.filter { [0x3C, 0x30].contains($0) }
    #expect(nrst == [0x3C, 0x30, 0x3C, 0x3C])
  }

  @Test func `under reset without a wired NRST falls back to SYSRESETREQ and says so`() throws {
    probe.target.isResetWired = false
    let attachment = try Attach.run(link, mode: .underReset)
    #expect(probe.target.isHalted)
    #expect(probe.target.resetCount == 1)
    #expect(probe.target.writes.contains { $0.address == 0xE000_ED0C })
    #expect(attachment.report.resetLine == .notWired)
    #expect(attachment.report.steps.contains { $0.outcome == "NRST does not reach the target" })
    #expect(probe.target.demcr == 0)
  }

  @Test func `automatic is normal where that works`() throws {
    let attachment = try Attach.run(link)
    #expect(attachment.report.requestedMode == .automatic)
    #expect(attachment.report.mode == .normal)
    #expect(probe.target.resetCount == 0)
  }

  @Test func `automatic goes under reset where the program has taken the SWD pins`() throws {
    probe.target.disablesSWD = true
    let attachment = try Attach.run(link)
    #expect(attachment.report.mode == .underReset)
    #expect(probe.target.isHalted)
    #expect(attachment.report.steps.first?.hasWorked == false)
    #expect(attachment.report.steps.first?.outcome.hasPrefix("no target answers on SWD") ?? false)
  }

  @Test func `a program that closes the debug port after a reset, and is not caught there, loses a race`() throws {
    probe.target.disablesSWD = true
    probe.target.catchesReset = false
    probe.target.commandsBeforeDisabling = 6
    let attachment = try Attach.run(link)
    #expect(probe.target.isHalted)
    #expect(attachment.report.mode == .underReset)
    #expect(attachment.report.steps.last?.action == "race the program: reset, connect, halt")
    #expect(attachment.report.steps.last?.outcome == "done, attempt 1")
  }

  @Test func `a race that cannot be won is told with the number of its rounds`() throws {
    probe.target.disablesSWD = true
    probe.target.catchesReset = false
    let error = #expect(throws: DebugError.self) { try Attach.run(link) }
    #expect(error?.report.evidence.contains("race the program: reset, connect, halt: lost 20 times") ?? false)
    #expect(!link.isResetAsserted)
  }

  @Test(arguments: AttachMode.allCases)
  func `no target is told with what was tried and the voltage, and NRST is released`(mode: AttachMode) throws {
    probe.target.isConnected = false
    let error = #expect(throws: DebugError.self) { try Attach.run(link, mode: mode) }
    guard case .attachFailed(let failure) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.requestedMode == mode)
    #expect(failure.targetMillivolts == 3272)
    #expect(failure.cause == .status(.getIDCodeError, during: "ENTER", address: nil))
    #expect(failure.steps.count == (mode == .automatic ? 2 : 1))
    #expect(failure.steps.allSatisfy { $0.outcome == "no target answers on SWD, nor at 480 kHz or 100 kHz" })
    #expect(probe.kHz == 4000)
    #expect(!link.isResetAsserted)
    #expect(probe.target.writes.isEmpty)
    try link.close()
    #expect(probe.violations == [])
  }

  @Test func `a target that answers the second time was only asleep`() throws {
    probe.target.ignoredConnects = 1
    let attachment = try Attach.run(link, mode: .hotPlug)
    #expect(attachment.report.steps.allSatisfy { $0.hasWorked })
    #expect(link.clockReductions.isEmpty)
  }

  @Test(arguments: [0, .max] as [UInt32])
  func `a debug port of zeros or ones is none, whatever the status says`(dpidr: UInt32) throws {
    probe.target.dpidr = dpidr
    let error = #expect(throws: DebugError.self) { try Attach.run(link, mode: .hotPlug) }
    #expect(error?.report.summary == "cannot connect to the target: no target answers on SWD")
  }

  @Test func `a probe unplugged while attaching is that, and no missing target`() throws {
    let (link, _) = try Scripts.v2("! gone")
    let error = #expect(throws: DebugError.self) { try Attach.run(link) }
    #expect(error?.report.summary == "the probe has disappeared from USB during DRIVE_NRST")
  }

  @Test func `a core that never halts is tried under reset and then given up`() throws {
    probe.target.canHalt = false
    probe.target.isResetWired = false
    probe.target.canReset = false
    let error = #expect(throws: DebugError.self) { try Attach.run(link) }
    guard case .attachFailed(let failure) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.resetLine == .notWired)
    #expect(failure.steps.dropLast().last?.action == "reset by SYSRESETREQ and halt")
    #expect(failure.steps.last?.outcome == "lost 20 times")
    #expect(probe.target.demcr == 0)
    #expect(!link.isResetAsserted)
  }

  @Test func `a chip without DBGMCU at that place is attached all the same`() throws {
    probe.target.dbgmcu = [:]
    probe.target.faults = [0xE004_2000..<0xE004_3000]
    let attachment = try Attach.run(link, mode: .normal)
    #expect(probe.target.isHalted)
    #expect(attachment.report.steps.contains { !$0.hasWorked })
    #expect(try attachment.detach().debugConfigurationIsRestored == false)
  }

  @Test func `an interruption ends attaching as what it is`() throws {
    let interruption = Interruption()
    let probe = ModelProbe()
    let link = try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    probe.target.isConnected = false
    probe.testClock.onWait = { interruption.request() }
    #expect(throws: DebugError.interrupted) { try Attach.run(link) }
    #expect(!link.isResetAsserted)
  }
}

@Suite struct DetachTests {
  private let probe = ModelProbe()
  private let link: STLink

  init() throws {
    link = try STLink(probe: probe)
    probe.target.dbgmcu[0xE004_2008] = 1
  }

  @Test func `detaching lets the core run, disarms every catch and restores DBGMCU`() throws {
    probe.target.demcr = 0x0100_0401
    let attachment = try Attach.run(link, mode: .normal)
    probe.target.demcr = 0x0100_0781
    let state = try attachment.detach()
    #expect(state.core?.state == .running)
    #expect(state.debugConfigurationIsRestored)
    #expect(probe.target.demcr == 0x0100_0000, "TRCENA is the firmware's, the catches a debugger's")
    #expect(probe.target.control == 0)
    #expect(probe.target.dbgmcu[0xE004_2004] == 0)
    #expect(probe.target.dbgmcu[0xE004_2008] == 1)
  }

  @Test func `the write that lets the core run is the last one`() throws {
    for mode in [AttachMode.normal, .underReset, .automatic] {
      _ = try Attach.run(link, mode: mode).detach()
      let last = try #require(probe.target.writes.last)
      #expect(last.address == 0xE000_EDF0 && last.value == 0xA05F_0000, "\(mode)")
    }
  }

  @Test func `firmware sees nothing of DBGMCU before it is halted`() throws {
    _ = try Attach.run(link, mode: .normal)
    let halt = try #require(probe.target.writes.firstIndex { $0.address == 0xE000_EDF0 })
    #expect(halt == 0)
  }

  @Test func `breakpoints of a debugger that is gone are taken out where it left debugging on, others stay`() throws {
    for (control, isCleared) in [(1, true), (0, false)] as [(UInt32, Bool)] {
      probe.target.control = control
      probe.target.isHalted = false
      probe.target.memory[0xE000_2000] = 0x61
      probe.target.memory[0xE000_2008] = 0x09
      _ = try Attach.run(link, mode: .normal).detach()
      #expect(probe.target.memory[0xE000_2008] == (isCleared ? 0 : 0x09))
    }
  }

  @Test func `a second attempt to attach does not take the first one's settings for the target's`() throws {
    probe.target.canHalt = false
    probe.target.isResetWired = false
    probe.target.canReset = false
    #expect(throws: DebugError.self) { try Attach.run(link) }
    #expect(probe.target.dbgmcu[0xE004_2004] == 0)
    #expect(probe.target.dbgmcu[0xE004_2008] == 1)
    #expect(probe.target.control == 0)
  }

  @Test func `a core that is to stay halted stays halted`() throws {
    let state = try Attach.run(link, mode: .normal).detach(leaving: .halted)
    #expect(state.core?.state == .halted)
    #expect(probe.target.isHalted)
    #expect(probe.target.demcr == 0)
  }

  @Test func `the debug configuration stays when a debugger follows`() throws {
    let state = try Attach.run(link, mode: .normal).detach(keepingDebugConfiguration: true)
    #expect(!state.debugConfigurationIsRestored)
    #expect(probe.target.dbgmcu[0xE004_2004] == 7)
    #expect(probe.target.dbgmcu[0xE004_2008] == 0x1801)
  }

  @Test func `a core left as found gets no write`() throws {
    let attachment = try Attach.run(link, mode: .normal)
    probe.target.writes = []
    let state = try attachment.detach(leaving: .asFound, keepingDebugConfiguration: true)
    #expect(state.core?.state == .halted)
    #expect(probe.target.writes.isEmpty)
  }

  @Test func `detaching does not look at an interruption`() throws {
    let interruption = Interruption()
    let link = try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    let attachment = try Attach.run(link, mode: .normal)
    interruption.request()
    #expect(try attachment.detach().core?.state == .running)
  }

  @Test func `a target lost by then is an error after every step was tried`() throws {
    let attachment = try Attach.run(link, mode: .normal)
    probe.target.isConnected = false
    probe.commands = []
    #expect(throws: DebugError.status(.accessPortError, during: "WRITEDEBUGREG", address: 0xE000_EDF0)) {
      try attachment.detach()
    }
    #expect(probe.commands == [0x35, 0x35, 0x35, 0x35], "halt, DEMCR, DBGMCU, and the core is let go all the same")
  }
}
