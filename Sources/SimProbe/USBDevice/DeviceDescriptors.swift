package import LinkInterface

/// The descriptors of a device with one configuration, and what they say (USB 2.0, section 9.6).
package struct DeviceDescriptors: Sendable, Equatable {
  /// The device descriptor, 18 bytes.
  package let device: [UInt8]
  /// The configuration descriptor with everything that belongs to it.
  package let configuration: [UInt8]

  /// Takes over the two descriptors; nil when one of them is not what its type says or is cut short.
  package init?(device: [UInt8], configuration: [UInt8]) {
    guard device.count == 18, device[1] == STLinkDescriptors.Kind.device.rawValue, configuration.count >= 9,
      configuration[1] == STLinkDescriptors.Kind.configuration.rawValue,
      configuration.count == Int(configuration[2]) | Int(configuration[3]) << 8
    else { return nil }
    self.device = device
    self.configuration = configuration
  }

  /// The descriptors that a simulated probe sends.
  init(_ descriptors: STLinkDescriptors) {
    device = descriptors.device
    configuration = descriptors.configuration()
  }

  /// The descriptors that a ROM bootloader sends.
  init(_ descriptors: DFUDescriptors) {
    device = descriptors.device
    configuration = descriptors.configuration
  }

  /// What stands for the descriptors of a device that nobody has seen: zeros, and no interface.
  static let none = DeviceDescriptors()

  private init() {
    device = [18, STLinkDescriptors.Kind.device.rawValue] + [UInt8](repeating: 0, count: 16)
    configuration = [9, STLinkDescriptors.Kind.configuration.rawValue, 9, 0, 0, 0, 0, 0, 0]
  }

  /// idVendor.
  package var vendorID: UInt16 { halfword(8) }
  /// idProduct.
  package var productID: UInt16 { halfword(10) }
  /// bcdDevice.
  package var deviceRelease: UInt16 { halfword(12) }
  /// bDeviceClass, bDeviceSubClass and bDeviceProtocol.
  package var deviceClass: [UInt8] { Array(device[4..<7]) }
  /// iManufacturer; 0 where there is no such string.
  package var manufacturerIndex: UInt8 { device[14] }
  /// iProduct; 0 where there is no such string.
  package var productIndex: UInt8 { device[15] }
  /// iSerialNumber; 0 where there is no serial number.
  package var serialIndex: UInt8 { device[16] }
  /// bConfigurationValue of the only configuration.
  package var configurationValue: UInt8 { configuration[5] }

  /// The interfaces, each with its alternate settings and endpoints.
  package var interfaces: [InterfaceDescription] {
    var found: [InterfaceDescription] = []
    for descriptor in parts {
      switch STLinkDescriptors.Kind(rawValue: descriptor[descriptor.startIndex + 1]) {
      case .interface where descriptor.count >= 9:
        let bytes = Array(descriptor)
        found.append(
          InterfaceDescription(
            number: bytes[2], alternateSetting: bytes[3], interfaceClass: Array(bytes[5..<8]), endpoints: []))
      case .endpoint where descriptor.count >= 7 && !found.isEmpty:
        let endpoint = Endpoint(rawValue: descriptor[descriptor.startIndex + 2])
        found[found.count - 1].endpoints.append(endpoint)
        if descriptor[descriptor.startIndex + 3] & 3 == 3 { found[found.count - 1].interruptEndpoints.insert(endpoint) }
      default:
        break
      }
    }
    return found
  }

  /// The interface that an endpoint belongs to; nil for an endpoint that the device lacks.
  package func interface(of endpoint: Endpoint) -> UInt8? {
    interfaces.first { $0.endpoints.contains(endpoint) }?.number
  }

  /// Whether an endpoint is one for interrupt transfers.
  package func isInterrupt(_ endpoint: Endpoint) -> Bool {
    interfaces.contains { $0.interruptEndpoints.contains(endpoint) }
  }

  /// The largest packet of each endpoint in bytes, and how often an interrupt endpoint is asked, in milliseconds.
  var endpointFacts: [Endpoint: (packetSize: Int, interval: UInt64?)] {
    var facts: [Endpoint: (packetSize: Int, interval: UInt64?)] = [:]
    for part in parts where STLinkDescriptors.Kind(rawValue: part[part.startIndex + 1]) == .endpoint && part.count >= 7
    {
      let bytes = Array(part)
      let size = (Int(bytes[4]) | Int(bytes[5]) << 8) & 0x7FF
      facts[Endpoint(rawValue: bytes[2])] = (max(1, size), bytes[3] & 3 == 3 ? UInt64(bytes[6]) : nil)
    }
    return facts
  }

  /// The configuration cut into its descriptors; what follows a broken length is left out.
  private var parts: [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    while start + 2 <= configuration.count {
      let length = Int(configuration[start])
      guard length >= 2, start + length <= configuration.count else { break }
      parts.append(configuration[start..<start + length])
      start += length
    }
    return parts
  }

  private func halfword(_ offset: Int) -> UInt16 {
    UInt16(device[offset]) | UInt16(device[offset + 1]) << 8
  }
}

/// One alternate setting of an interface.
package struct InterfaceDescription: Sendable, Equatable {
  /// bInterfaceNumber.
  package let number: UInt8
  /// bAlternateSetting.
  package let alternateSetting: UInt8
  /// bInterfaceClass, bInterfaceSubClass and bInterfaceProtocol.
  package let interfaceClass: [UInt8]
  /// The endpoints in the descriptor's order.
  package internal(set) var endpoints: [Endpoint]
  /// Those of them that are interrupt endpoints.
  package internal(set) var interruptEndpoints: Set<Endpoint> = []
}
