import Testing

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
        "location":"1-11","obstacle":"no permission","simulated":false}]}
        {"event":"end","exitCode":0,"status":"success"}

        """)
  }

  @Test func `no probe is no error for a listing`() {
    #expect(
      CommandLineBench().run("list")
        == CommandLineBench.Outcome(status: .success, output: "no probe is plugged in\n", error: ""))
  }
}
