package import LinkInterface
package import SimProbe

/// A probe of which only the debug interface is shown: without the disk and the COM port that composites have.
///
/// A kernel would bind its own drivers to those and talk to them; the simulated probe says nothing there, so that the
/// kernel would reset the whole device again and again in mid-work.
package final class DebugInterfaceDevice: VirtualDeviceLayer {
  /// The whole device.
  package let device: any VirtualDevice

  /// The device's descriptors, with its first interface only.
  package let descriptors: DeviceDescriptors

  /// Covers up the other interfaces of a device.
  package init(_ device: any VirtualDevice) {
    self.device = device
    descriptors = device.descriptors.withFirstInterfaceOnly
  }

  /// Performs a control transfer; the configuration is told as this type shows it.
  package func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    let answer = device.control(setup, data: data)
    guard case .complete = answer, setup.requestType == 0x80, setup.request == 6, setup.value == 0x0200 else {
      return answer
    }
    return .complete(Array(descriptors.configuration.prefix(Int(setup.length))))
  }
}

extension DeviceDescriptors {
  /// The configuration cut behind its first interface, with lengths that say so.
  var withFirstInterfaceOnly: DeviceDescriptors {
    var kept = Array(configuration.prefix(9))
    var offset = 9
    while offset + 2 < configuration.count, configuration[offset] >= 2 {
      let descriptor = configuration[offset..<min(offset + Int(configuration[offset]), configuration.count)]
      let isInterface = descriptor.count >= 9 && descriptor[offset + 1] == 4
      if isInterface && descriptor[offset + 2] != 0 { break }
      // Interface associations (type 11) join interfaces that are left out.
      if descriptor[offset + 1] != 11 { kept += descriptor }
      offset = descriptor.endIndex
    }
    kept[2] = UInt8(truncatingIfNeeded: kept.count)
    kept[3] = UInt8(truncatingIfNeeded: kept.count >> 8)
    kept[4] = 1
    return DeviceDescriptors(device: device, configuration: kept) ?? self
  }
}
