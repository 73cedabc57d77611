import Engine
import LinkInterface
import Links
import TestSupport
import Testing

@testable import SimProbe
@testable import stflash

/// Probes and targets that refuse, vanish or are not there.
struct BrokenWorldTests {
  private let desk = SimulatedDesk()

  /// A desk whose only plugged-in probe is a simulated one, wrapped so that it fails.
  private func desk(with probe: any USBDevice) -> SimulatedDesk {
    var desk = desk
    desk.bench.bus = StandInBus(opening: { _ throws(CommandFailure) in probe })
    return desk
  }

  private static func listing(_ serial: String, port: UInt8, access: ProbeAccess) throws -> ProbeListing {
    let product = try #require(USBCatalogue.stLinks.product(vendorID: 0x0483, productID: 0x374B))
    return ProbeListing(
      identity: USBIdentity(
        vendorID: 0x0483, productID: 0x374B, serial: USBSerial(text: serial), speed: .full,
        location: USBLocation(bus: 1, address: port, ports: [port])),
      product: product, access: access)
  }

  @Test func `two probes and no choice: both are named`() throws {
    let both = [
      try Self.listing("AAAA", port: 1, access: .free), try Self.listing("BBBB", port: 2, access: .free),
    ]
    var desk = desk
    desk.bench.bus = StandInBus(opening: { _ throws(CommandFailure) in
      throw CommandFailure(USBProbeError.severalProbes(both).report)
    })
    let outcome = desk.run("info")
    #expect(outcome.status == .noProbe)
    #expect(outcome.error.contains("AAAA") && outcome.error.contains("BBBB") && outcome.error.contains("--serial"))
  }

  @Test func `no permission: the rule is shown`() throws {
    let probe = try Self.listing("AAAA", port: 1, access: .denied(node: "/dev/bus/usb/001/002", rule: "THE RULE"))
    var desk = desk
    desk.bench.bus = StandInBus(opening: { _ throws(CommandFailure) in
      throw CommandFailure(USBProbeError.denied(probe).report)
    })
    let outcome = desk.run("info")
    #expect(outcome.status == .permission)
    #expect(outcome.error.hasPrefix("stflash: error: no permission to open /dev/bus/usb/001/002\n"))
    #expect(outcome.error.contains("THE RULE"))
  }

  @Test(arguments: [
    (ProbeAccess.denied(node: "/dev/bus/usb/001/002", rule: "THE RULE"), "permission", "probe-denied"),
    (.inUse, "probe", "probe-claimed"),
  ])
  func `a diagnosis of a probe that cannot be opened ends at USB, with the cause`(
    access: ProbeAccess, status: String, cause: String
  ) throws {
    let probe = try Self.listing("AAAA", port: 1, access: access)
    var desk = desk
    desk.bench.bus = StandInBus(opening: { _ throws(CommandFailure) in
      throw CommandFailure((access == .inUse ? USBProbeError.inUse(probe, holders: []) : .denied(probe)).report)
    })
    let outcome = desk.run("diagnose --json")
    #expect(outcome.status.name == status)
    #expect(outcome.output.contains("\"area\":\"USB\",\"outcome\":\"failed\""), "\(outcome.output)")
    #expect(outcome.output.contains(cause))
  }

  @Test func `a listing shows what stands in the way`() throws {
    let rows = try [
      ProbeAccess.free, .inUse, .denied(node: nil, rule: ""), .failed(USBCallError(rawValue: -1)),
    ].map { PluggedProbe(try Self.listing("AAAA", port: 1, access: $0)).obstacle }
    #expect(rows[0] == nil)
    #expect(rows[1] == "in use by another program")
    #expect(rows[2] == "no permission")
    #expect(rows[3]?.hasPrefix("cannot be opened") ?? false)
  }

  @Test func `write-protected sectors are named before anything is erased`() throws {
    // nWRP bits 16 to 27: sector 1 protected.
    try desk.makeState("s", target: "stm32f407vg", optionControl: 0x0FFD_AAED)
    try desk.directory.write("a.bin", SeededGenerator.content(40_000, seed: 21))
    let before = try desk.read("s")
    let outcome = desk.run("--sim stm32f407vg --sim-state @s write @a.bin 0x08000000")
    #expect(outcome.status == .protected)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("sector 1 (0x0800_4000 to 0x0800_7FFF)"), "\(outcome.error)")
    #expect(try desk.read("s") == before)
    #expect(desk.run("--sim stm32f407vg --sim-state @s info").output.contains("write-protected sectors: 1\n"))
  }

  @Test func `read protection at level 1 refuses everything`() throws {
    try desk.makeState("s", target: "stm32f407vg", optionControl: 0x0FFF_55ED)
    try desk.directory.write("a.bin", [1, 2, 3, 4])
    for line in ["write @a.bin 0x08000000", "verify @a.bin 0x08000000", "read @b.bin 0x08000000 1k"] {
      let outcome = desk.run("--sim stm32f407vg --sim-state @s \(line)")
      #expect(outcome.status == .protected, "\(line): \(outcome.error)")
      #expect(outcome.error.contains("level 1"), "\(line)")
    }
    #expect(desk.run("--sim stm32f407vg --sim-state @s info").output.contains("RDP level 1"))
  }

  @Test func `read protection at level 2 ends all debugging`() throws {
    try desk.makeState("s", target: "stm32f407vg", optionControl: 0x0FFF_CCED)
    let outcome = desk.run("--sim stm32f407vg --sim-state @s info")
    #expect(outcome.status == .noTarget || outcome.status == .protected, "\(outcome)")
    #expect(outcome.output == "")
  }

  @Test func `a supply too low for the width that is asked for`() throws {
    try desk.directory.write("a.bin", [1, 2, 3, 4])
    let outcome = desk.run("--sim stm32f407vg --sim-voltage 2.0 write --width 32 @a.bin 0x08000000")
    #expect(outcome.status == .usage, "\(outcome)")
    #expect(outcome.error.contains("x8") || outcome.error.contains("x16"))
    #expect(desk.run("--sim stm32f407vg --sim-voltage 2.0 write @a.bin 0x08000000").status == .success)
    #expect(desk.run("--sim stm32f407vg write --width 64 @a.bin 0x08000000").status == .usage)
    #expect(desk.run("--sim stm32f407vg --sim-vpp write --vpp @a.bin 0x08000000").status == .success)
  }

  @Test func `a target without power`() {
    let outcome = desk.run("--sim stm32f407vg --sim-voltage 0 info")
    #expect(outcome.status == .noTarget)
    #expect(outcome.error.contains("\nstflash: error: cannot connect to the target"))
  }

  @Test(arguments: [20, 60, 120])
  func `a probe that is unplugged is named as the cause at any time`(batches: Int) throws {
    let simulation = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
    let desk = desk(with: FailingProbe(simulation.probe, unpluggedAfter: batches))
    try desk.directory.write("a.bin", SeededGenerator.content(40_000, seed: 22))
    let outcome = desk.run("write @a.bin 0x08000000")
    #expect(outcome.status == .probe, "\(outcome)")
    #expect(outcome.output == "")
    #expect(outcome.error.contains("stflash: error: "))
  }

  @Test func `a target that is lost in the middle of a write`() throws {
    let simulation = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
    let connector = LooseConnector(simulation.board, looseAfter: 4000)
    let device = SimulatedUSBDevice(
      profile: try STLinkProfile(name: "v2"), connector: connector, clock: simulation.clock)
    let desk = desk(with: SimulatedProbe(device: device))
    try desk.directory.write("a.bin", SeededGenerator.content(16_384, seed: 23))
    let outcome = desk.run("write @a.bin 0x08000000")
    #expect(outcome.status == .noTarget, "\(outcome)")
    #expect(outcome.output == "")
    #expect(outcome.error.contains("the firmware is incomplete"))
  }

  @Test func `an interruption leaves a stated condition, and the state that the chip is in`() throws {
    var desk = desk
    let interruption = Interruption()
    desk.bench.interruption = interruption
    desk.bench.outputObserver = { text in
      if text.contains("\"event\":\"progress\",\"phase\":\"programming\"") { interruption.request() }
    }
    let bytes = SeededGenerator.content(16_384, seed: 24)
    try desk.directory.write("a.bin", bytes)
    let outcome = desk.run("--json --sim stm32f407vg --sim-state @s write @a.bin 0x08000000")
    #expect(outcome.status == .interrupted, "\(outcome)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.last == #"{"event":"end","exitCode":130,"status":"interrupted"}"#)
    let error = try #require(lines.dropLast().last)
    #expect(error.hasPrefix(#"{"event":"error","category":"interrupted","exitCode":130,"#))
    #expect(error.contains("the core is halted"))
    // The probe and the chip are usable at once, and there is no half firmware that starts.
    desk.bench = CommandLineBench()
    #expect(desk.run("--sim stm32f407vg --sim-state @s read @b.bin 0x08000000 16").status == .success)
    #expect(try desk.read("b.bin") == [UInt8](repeating: 0xFF, count: 16))
    #expect(desk.run("--sim stm32f407vg --sim-state @s write @a.bin 0x08000000").status == .success)
  }

  @Test func `a request to stop before anything has begun`() throws {
    desk.bench.interruption.request()
    #expect(desk.run("--sim stm32f407vg info").status == .interrupted)
  }
}
