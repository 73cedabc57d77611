package import LinkInterface

/// Requests of the control endpoint: the standard ones (USB 2.0, section 9.4) and those of the COM ports; others are stalled.
extension SimulatedUSBDevice {
  /// bRequest (USB 2.0, table 9-4).
  private enum StandardRequest: UInt8 {
    case getStatus = 0
    case clearFeature = 1
    case setFeature = 3
    case getDescriptor = 6
    case getConfiguration = 8
    case setConfiguration = 9
    case getInterface = 10
    case setInterface = 11
  }

  /// The feature selector ENDPOINT_HALT.
  private static let endpointHalt: UInt16 = 0

  /// bmRequestType of a class request to an interface, towards the device.
  private static let classRequestToInterface: UInt8 = 0x21

  /// bmRequestType: recipient of a standard request, with the direction.
  private enum Recipient: UInt8 {
    case device = 0
    case interface = 1
    case endpoint = 2
  }

  /// A control transfer whose data stage comes from the device; nil is STALL.
  package func controlIn(_ setup: ControlSetup) -> [UInt8]? {
    if setup.requestType == Self.classRequestToInterface | 0x80 { return serialPort(setup)?.controlIn(setup) }
    guard let (request, recipient) = standard(setup, direction: 0x80) else { return nil }
    let reply: [UInt8]? =
      switch (request, recipient) {
      case (.getDescriptor, .device): descriptor(setup)
      case (.getStatus, .device), (.getStatus, .interface): [0, 0]
      case (.getStatus, .endpoint): endpointStatus(UInt8(truncatingIfNeeded: setup.index))
      case (.getConfiguration, .device): [configurationValue]
      case (.getInterface, .interface): [0]
      default: nil
      }
    return reply.map { Array($0.prefix(Int(setup.length))) }
  }

  /// A control transfer whose data stage, if any, goes to the device; false is STALL.
  package func controlOut(_ setup: ControlSetup, _ data: [UInt8]) -> Bool {
    if setup.requestType == Self.classRequestToInterface { return serialPort(setup)?.controlOut(setup, data) ?? false }
    guard let (request, recipient) = standard(setup, direction: 0x00), data.isEmpty else { return false }
    switch (request, recipient) {
    case (.setConfiguration, .device):
      guard setup.value <= 1 else { return false }
      configure(UInt8(setup.value))
    case (.setInterface, .interface):
      return setup.value == 0
    case (.clearFeature, .endpoint), (.setFeature, .endpoint):
      let endpoint = UInt8(truncatingIfNeeded: setup.index)
      guard setup.value == Self.endpointHalt, endpoint & 0x7F == 0 || has(endpoint) else { return false }
      if request == .setFeature { halt(endpoint) } else { clearHalt(endpoint) }
    default:
      return false
    }
    return true
  }

  /// The COM port whose control interface a request names.
  private func serialPort(_ setup: ControlSetup) -> ProbeSerialPort? {
    serialPorts.first { UInt16($0.controlInterface) == setup.index }
  }

  private func standard(_ setup: ControlSetup, direction: UInt8) -> (StandardRequest, Recipient)? {
    guard setup.requestType & 0xE0 == direction, let request = StandardRequest(rawValue: setup.request),
      let recipient = Recipient(rawValue: setup.requestType & 0x1F)
    else { return nil }
    return (request, recipient)
  }

  private func descriptor(_ setup: ControlSetup) -> [UInt8]? {
    let number = UInt8(truncatingIfNeeded: setup.value)
    switch STLinkDescriptors.Kind(rawValue: UInt8(setup.value >> 8)) {
    case .device: return descriptors.device
    case .configuration: return number == 0 ? descriptors.configuration() : nil
    case .string: return descriptors.string(number)
    case .deviceQualifier: return descriptors.deviceQualifier
    case .otherSpeedConfiguration:
      guard descriptors.deviceQualifier != nil else { return nil }
      return descriptors.configuration(kind: .otherSpeedConfiguration, packetSize: 64)
    default: return nil
    }
  }

  private func endpointStatus(_ endpoint: UInt8) -> [UInt8]? {
    guard endpoint & 0x7F == 0 || has(endpoint) else { return nil }
    return [haltedEndpoints.contains(endpoint) ? 1 : 0, 0]
  }
}
