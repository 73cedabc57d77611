import LinkInterface
import SimProbe
import Testing
import Trace

@testable import stflash

struct ListTests {
  private var bench: CommandLineBench {
    CommandLineBench(
      bus: StandInBus(probes: [
        PluggedProbe(name: "ST-LINK/V2-1", usbID: "0483:374b", serial: "066BFF51", location: "1-4.2", obstacle: nil),
        PluggedProbe(
          name: "ST-LINK/V2", usbID: "0483:3748", serial: nil, location: "1-11", obstacle: "no permission"),
      ]))
  }

  @Test func `probes are listed in columns`() {
    #expect(
      bench.run("list")
        == CommandLineBench.Outcome(
          status: .success,
          output: """
            1-4.2  0483:374b  066BFF51             ST-LINK/V2-1
            1-11   0483:3748  serial not readable  ST-LINK/V2    no permission

            """,
          error: ""))
  }

  @Test func `probes are listed as JSON`() {
    #expect(
      bench.run("list --json").output == """
        {"event":"probes","probes":[{"name":"ST-LINK/V2-1","usbID":"0483:374b","serial":"066BFF51",\
        "location":"1-4.2","obstacle":null,"simulated":false},{"name":"ST-LINK/V2","usbID":"0483:3748","serial":null,\
        "location":"1-11","obstacle":"no permission","simulated":false}],"dfuDevices":[],"ports":[]}
        {"event":"end","exitCode":0,"status":"success"}

        """)
  }

  @Test func `no probe is no error for a listing`() {
    #expect(
      CommandLineBench().run("list")
        == CommandLineBench.Outcome(status: .success, output: "no probe is plugged in\n", error: ""))
  }

  @Test func `a simulated probe is listed out of its recording as it was`() throws {
    let desk = SimulatedDesk()
    let listed = desk.run("--sim nucleo-f207zg --record @s.pcapng list")
    #expect(listed.status == .success)
    #expect(listed.output == "simulated  0483:374b  064BFF343339415043114433  ST-LINK/V2-1\n")
    #expect(desk.run("--replay @s.pcapng list") == listed)
    let names = desk.run("trace show @s.pcapng").output.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(names.allSatisfy { $0.contains("GET_DESCRIPTOR") } && names.count == 6)
  }

  @Test func `a probe is listed out of any session`() {
    let desk = SimulatedDesk()
    _ = desk.run("--sim stm32f429zi --sim-probe v3 --record @s.pcapng info")
    let listed = desk.run("--replay @s.pcapng list")
    #expect(listed.status == .success)
    #expect(listed.output.hasPrefix("simulated  0483:374"))
  }

  @Test func `every plugged-in probe that can be opened is recorded`() throws {
    var desk = SimulatedDesk()
    desk.bench.bus = StandInBus(
      probes: [
        PluggedProbe(name: "ST-LINK/V2-1", usbID: "0483:374b", serial: "A", location: "1-1", obstacle: nil),
        PluggedProbe(name: "ST-LINK/V2", usbID: "0483:3748", serial: "B", location: "1-2", obstacle: "no permission"),
        PluggedProbe(name: "STLINK-V3", usbID: "0483:374f", serial: "C", location: "1-3", obstacle: nil),
      ],
      opening: { selector throws(CommandFailure) in
        var configuration = SimulationConfiguration(target: "stm32f407vg")
        configuration.probeProfile = selector == "1-3" ? "v3" : "v2-1"
        do throws(SimulationError) {
          return try Simulation(configuration).probe
        } catch {
          throw CommandFailure(error.failureReport(stateFile: nil))
        }
      })
    #expect(desk.run("--record @s.pcapng list").status == .success)
    let devices = try Capture.read(desk.read("s.pcapng")).devices
    #expect(devices.compactMap(\.ids).sorted() == ["0483:374b", "0483:374e"])
  }

  @Test func `a recording and a simulated probe cannot both be listed`() {
    #expect(CommandLineBench().run("--sim nucleo-f207zg --replay a.pcapng list").status == .usage)
  }
}
