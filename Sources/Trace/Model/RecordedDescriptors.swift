import Basics
import LinkInterface

/// The descriptors that a recording's GET_DESCRIPTOR exchanges hold, the longest answer of each.
struct RecordedDescriptors {
  private var descriptors: [UInt16: [UInt8]] = [:]

  init(_ exchanges: [Exchange]) {
    for exchange in exchanges {
      guard case .controlIn(let setup) = exchange.request, case .completed(let bytes) = exchange.outcome else {
        continue
      }
      let types: [StandardRequest.DescriptorType] = [.device, .configuration, .string]
      guard types.contains(where: { StandardRequest.isGetDescriptor(setup, $0) }) else { continue }
      if bytes.count > descriptors[setup.value]?.count ?? 0 {
        descriptors[setup.value] = bytes
      }
    }
  }

  /// idVendor, as soon as its part of the device descriptor has been read.
  var vendorID: UInt16? {
    device.flatMap { $0.count >= 10 ? $0.littleEndianHalfword(at: 8) : nil }
  }

  func identity(at location: USBLocation) -> USBIdentity? {
    guard let device, device.count >= Int(StandardRequest.DescriptorSize.device) else { return nil }
    return USBIdentity(
      vendorID: device.littleEndianHalfword(at: 8), productID: device.littleEndianHalfword(at: 10),
      deviceRelease: device.littleEndianHalfword(at: 12),
      manufacturer: text(device[14]), product: text(device[15]),
      serial: string(device[16]).flatMap { USBSerial(descriptor: $0) }, speed: speed, location: location)
  }

  /// The endpoints of the vendor-specific interfaces; nil when no configuration with such an interface was recorded.
  ///
  /// A probe's other interfaces (mass storage, serial port) are not part of a debug session.
  var vendorEndpoints: Set<UInt8>? {
    let vendorSpecific: UInt8 = 0xFF
    var endpoints: Set<UInt8> = []
    var isVendorInterface = false
    var position = 0
    while position + 2 <= configuration.count, configuration[position] >= 2 {
      let item = configuration[position..<min(configuration.count, position + Int(configuration[position]))]
      switch item[position + 1] {
      case 4 where item.count >= 9: isVendorInterface = item[position + 5] == vendorSpecific
      case 5 where item.count >= 7 && isVendorInterface: endpoints.insert(item[position + 2])
      default: break
      }
      position += item.count
    }
    return endpoints.isEmpty ? nil : endpoints
  }

  private var device: [UInt8]? { descriptors[StandardRequest.DescriptorType.device.rawValue << 8] }

  private var configuration: [UInt8] {
    descriptors[StandardRequest.DescriptorType.configuration.rawValue << 8] ?? []
  }

  /// Bulk endpoints have packets of 512 bytes at high speed and of at most 64 at full speed (USB 2.0, 5.8.3).
  private var speed: USBSpeed {
    var position = 0
    while position + 7 <= configuration.count, configuration[position] >= 2 {
      if configuration[position + 1] == 5, configuration[position + 3] & 3 == 2 {
        return configuration.littleEndianHalfword(at: position + 4) > 64 ? .high : .full
      }
      position += Int(configuration[position])
    }
    return .unknown
  }

  private func string(_ number: UInt8) -> [UInt8]? {
    number == 0 ? nil : descriptors[StandardRequest.DescriptorType.string.rawValue << 8 | UInt16(number)]
  }

  private func text(_ number: UInt8) -> String? {
    guard let bytes = string(number), bytes.count >= 2 else { return nil }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { bytes.littleEndianHalfword(at: $0) }
    return String(decoding: units, as: UTF16.self)
  }
}
