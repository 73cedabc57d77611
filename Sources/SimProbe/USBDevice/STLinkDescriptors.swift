import LinkInterface

/// The descriptors of a simulated probe, byte for byte (docs/simulated-probe.md, "Products").
struct STLinkDescriptors {
  /// bDescriptorType (USB 2.0, table 9-5).
  enum Kind: UInt8 {
    case device = 1
    case configuration = 2
    case string = 3
    case interface = 4
    case endpoint = 5
    case deviceQualifier = 6
    case otherSpeedConfiguration = 7
  }

  /// An interface class, subclass and protocol.
  private struct InterfaceClass {
    let bytes: [UInt8]

    static let vendor = InterfaceClass(bytes: [0xFF, 0xFF, 0xFF])
    static let massStorage = InterfaceClass(bytes: [0x08, 0x06, 0x50])
    static let serialControl = InterfaceClass(bytes: [0x02, 0x02, 0x01])
    static let serialData = InterfaceClass(bytes: [0x0A, 0x00, 0x00])
  }

  private let profile: STLinkProfile
  private let product: ProbeProduct
  /// What the device shows of the product's functions.
  private let functions: [ProbeProduct.Function]

  /// The descriptors of a probe.
  ///
  /// - Parameter hidesDisk: whether the drag-and-drop disk is left out, as in products without one.
  init(_ profile: STLinkProfile, hidesDisk: Bool = false) {
    self.profile = profile
    product = profile.product
    functions = product.functions.filter { !hidesDisk || $0 != .massStorage }
  }

  /// The endpoint that takes commands and data.
  var commandOutput: UInt8 { product.family == .v2 ? 0x02 : 0x01 }
  /// The endpoint that gives replies.
  let replyInput: UInt8 = 0x81
  /// The endpoint of the SWO trace.
  var traceInput: UInt8 { product.family == .v2 ? 0x83 : 0x82 }

  /// The addresses of all endpoints beside the control endpoint.
  var endpoints: Set<UInt8> {
    var found: Set<UInt8> = []
    let bytes = configuration()
    var offset = 0
    while offset + 2 < bytes.count {
      if bytes[offset + 1] == Kind.endpoint.rawValue { found.insert(bytes[offset + 2]) }
      offset += Int(bytes[offset])
    }
    return found
  }

  /// The device descriptor.
  var device: [UInt8] {
    let id = product.productID
    return [18, Kind.device.rawValue, 0x00, 0x02] + deviceClass + [
      64, 0x83, 0x04, UInt8(truncatingIfNeeded: id), UInt8(id >> 8), 0x00, 0x01, 1, 2, 3, 1,
    ]
  }

  /// The device qualifier, which only a device has that could run at another speed.
  var deviceQualifier: [UInt8]? {
    guard product.isHighSpeed else { return nil }
    return [10, Kind.deviceQualifier.rawValue, 0x00, 0x02] + deviceClass + [64, 1, 0]
  }

  /// The configuration with all that belongs to it.
  func configuration(
    kind: Kind = .configuration, packetSize: Int? = nil
  ) -> [UInt8] {
    let size = packetSize ?? product.bulkPacketSize
    var body: [UInt8] = []
    var interfaceCount: UInt8 = 0
    var serialPorts: UInt8 = 0
    for function in functions {
      switch function {
      case .debug:
        let endpoints = [replyInput, commandOutput, traceInput]
        body += interface(interfaceCount, .vendor, endpoints, size, name: nameOfDebug)
        interfaceCount += 1
      case .massStorage:
        body += interface(interfaceCount, .massStorage, [0x83, 0x03], size, name: nameOfDebug + 1)
        interfaceCount += 1
      case .serialPort:
        body += serialPort(interfaceCount, number: serialPorts, size)
        serialPorts += 1
        interfaceCount += 2
      case .bridge:
        body += interface(interfaceCount, .vendor, [0x86, 0x06], size)
        interfaceCount += 1
      }
    }
    let length = 9 + body.count
    return [
      9, kind.rawValue, UInt8(truncatingIfNeeded: length), UInt8(length >> 8), interfaceCount, 1,
      product.isHighSpeed ? 4 : 0, 0x80, maximumPower,
    ] + body
  }

  /// A string descriptor; nil where there is none of that number.
  func string(_ number: UInt8) -> [UInt8]? {
    switch number {
    case 0: [4, Kind.string.rawValue, 0x09, 0x04]
    case 1: STLinkDescriptors.string(Array("STMicroelectronics".utf16))
    case 2: STLinkDescriptors.string(Array((product.isHighSpeed ? "STLINK-V3" : "STM32 STLink").utf16))
    case 3: STLinkDescriptors.string(serialUnits)
    case 4 where product.isHighSpeed: STLinkDescriptors.string(Array("Default Config".utf16))
    default:
      names.indices.contains(Int(number) - Int(nameOfDebug))
        ? STLinkDescriptors.string(Array(names[Int(number - nameOfDebug)].utf16)) : nil
    }
  }

  /// The names of the functions, from that of the debug interface on.
  private var names: [String] {
    let all = ["ST-Link Debug", "ST-Link Mass Storage", "ST-Link VCP Ctrl", "ST-Link VCP Data"]
    return product.family == .v2 || product.family == .loader ? Array(all.prefix(1)) : all
  }

  /// The probe's COM ports, as the configuration lists them.
  var serialPorts: [ProbeSerialPort] {
    let parsed = DeviceDescriptors(self).interfaces
    return parsed.filter { $0.interfaceClass == InterfaceClass.serialControl.bytes }.compactMap { control in
      guard let data = parsed.first(where: { $0.number == control.number + 1 }),
        let input = data.endpoints.first(where: \.isInput), let output = data.endpoints.first(where: { !$0.isInput })
      else { return nil }
      return ProbeSerialPort(controlInterface: control.number, output: output.rawValue, input: input.rawValue)
    }
  }

  /// Class, subclass and protocol of the device: none, or "see the interface associations".
  private var deviceClass: [UInt8] {
    functions.count > 1 ? [0xEF, 0x02, 0x01] : [0, 0, 0]
  }

  private var nameOfDebug: UInt8 { product.isHighSpeed ? 5 : 4 }
  private var nameOfSerialPort: UInt8 { nameOfDebug + 2 }

  /// bMaxPower, in units of 2 mA.
  private var maximumPower: UInt8 {
    switch product.family {
    case .v2: 50
    case .v21: 200
    case .v3, .loader: 250
    }
  }

  private var serialUnits: [UInt16] {
    switch profile.serialEncoding {
    case .rawBytes: profile.serial.map(UInt16.init)
    case .empty: []
    case .garbled: profile.serial.prefix(5).map { UInt16($0) | 0xD8 << 8 }
    case .digits:
      profile.serial.flatMap { Array((($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)).utf16) }
    }
  }

  private func interface(
    _ number: UInt8, _ kind: InterfaceClass, _ endpoints: [UInt8], _ packetSize: Int, name: UInt8 = 0
  ) -> [UInt8] {
    [9, Kind.interface.rawValue, number, 0, UInt8(endpoints.count)] + kind.bytes + [name]
      + endpoints.flatMap { STLinkDescriptors.bulkEndpoint($0, packetSize) }
  }

  /// A virtual COM port: interface association, control interface with its functional descriptors (USB CDC 1.2,
  /// section 5.2.3), data interface.
  private func serialPort(_ first: UInt8, number: UInt8, _ packetSize: Int) -> [UInt8] {
    let interrupt: UInt8 = 0x84 + 2 * number
    let data: UInt8 = 5 + 2 * number
    let kind = InterfaceClass.serialControl.bytes + [nameOfSerialPort]
    let association: [UInt8] = [8, 0x0B, first, 2] + kind
    let control: [UInt8] = [9, Kind.interface.rawValue, first, 0, 1] + kind
    let functional: [UInt8] = [
      5, 0x24, 0x00, 0x10, 0x01,
      5, 0x24, 0x01, 0x00, first + 1,
      4, 0x24, 0x02, 0x02,
      5, 0x24, 0x06, first, first + 1,
    ]
    let interruptEndpoint: [UInt8] = [7, Kind.endpoint.rawValue, interrupt, 0x03, 10, 0, 0xFF]
    return association + control + functional + interruptEndpoint
      + interface(first + 1, .serialData, [data | 0x80, data], packetSize, name: nameOfSerialPort + 1)
  }

  private static func bulkEndpoint(_ address: UInt8, _ packetSize: Int) -> [UInt8] {
    [7, Kind.endpoint.rawValue, address, 0x02, UInt8(truncatingIfNeeded: packetSize), UInt8(packetSize >> 8), 0]
  }

  private static func string(_ units: [UInt16]) -> [UInt8] {
    [UInt8(2 + 2 * units.count), Kind.string.rawValue]
      + units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}
