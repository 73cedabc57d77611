import LinkInterface
import SimProbe
import Testing

@testable import LinkServer

@Suite struct `A probe of which a kernel sees only the debug interface` {
  @Test(arguments: ["v2", "v2-1", "v3"])
  func `has one interface, in the descriptors and when it is asked`(probe: String) throws {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.probeProfile = probe
    let port = try Simulation(configuration).makeUSBPort()
    let device = DebugInterfaceDevice(port)
    #expect(device.descriptors.interfaces == [try #require(port.descriptors.interfaces.first)])
    #expect(device.descriptors.configuration[4] == 1)
    #expect(device.descriptors.device == port.descriptors.device)
    let whole = ControlSetup(requestType: 0x80, request: 6, value: 0x0200, index: 0, length: 255)
    #expect(device.control(whole, data: []) == .complete(device.descriptors.configuration))
    let header = ControlSetup(requestType: 0x80, request: 6, value: 0x0200, index: 0, length: 9)
    #expect(device.control(header, data: []) == .complete(Array(device.descriptors.configuration.prefix(9))))
    let languages = ControlSetup(requestType: 0x80, request: 6, value: 0x0300, index: 0, length: 255)
    #expect(device.control(languages, data: []) == .complete([4, 3, 9, 4]))
  }
}
