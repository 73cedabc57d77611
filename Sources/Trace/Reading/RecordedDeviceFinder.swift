import Basics
import LinkInterface

/// Finds the device that is meant among a capture's, and its vendor's interface among the device's.
struct RecordedDeviceFinder {
  private let exchanges: [Exchange]
  private let descriptors: RecordedDescriptors
  private let shape: DeviceShape?

  init(_ exchanges: [Exchange], shape: DeviceShape?) {
    self.exchanges = exchanges
    self.shape = shape
    descriptors = RecordedDescriptors(exchanges)
  }

  /// How much a device looks like the one that is meant; zero for not at all.
  var rank: Int {
    guard let shape else { return 1 }
    switch (descriptors.vendorID == shape.vendorID, sendsBlocks(of: shape.commandSize)) {
    case (true, true): return 4
    case (false, true): return descriptors.vendorID == nil ? 3 : 0
    // A probe that was only listed has been asked for nothing but its descriptors.
    case (true, false): return bulkCount > 0 ? 2 : 1
    case (false, false): return shape.otherRequest.map(isAsked) ?? false ? 1 : 0
    }
  }

  /// Whether a request is among the exchanges, whatever its value and index.
  private func isAsked(_ request: ControlSetup) -> Bool {
    exchanges.lazy.compactMap(\.request.setup).contains {
      ($0.requestType, $0.request, $0.length) == (request.requestType, request.request, request.length)
    }
  }

  /// The number of bulk transfers.
  var bulkCount: Int {
    exchanges.count { $0.request.setup == nil }
  }

  /// idVendor and idProduct, where a descriptor tells them.
  var ids: String? {
    descriptors.identity(at: USBLocation(bus: 0, address: 0)).map {
      Hexadecimal.digits($0.vendorID, width: 4, uppercase: false) + ":"
        + Hexadecimal.digits($0.productID, width: 4, uppercase: false)
    }
  }

  /// The exchanges without those of a mass storage or serial port interface of the same device.
  var vendorExchanges: [Exchange] {
    if let endpoints = descriptors.vendorEndpoints {
      return exchanges.filter { $0.request.setup != nil || endpoints.contains($0.request.endpoint.rawValue) }
    }
    let storage = storageEndpoints
    return exchanges.filter { !storage.contains($0.request.endpoint) }
  }

  /// Whether some OUT endpoint gets blocks of a command's size at least every other time.
  private func sendsBlocks(of size: Int) -> Bool {
    var counts: [Endpoint: (all: Int, commands: Int)] = [:]
    for case .bulkOut(let endpoint, let bytes) in exchanges.map(\.request) {
      counts[endpoint, default: (0, 0)].all += 1
      if bytes.count == size { counts[endpoint, default: (0, 0)].commands += 1 }
    }
    return counts.values.contains { $0.commands > 0 && $0.commands * 2 >= $0.all }
  }

  /// Endpoints that carry mass storage's command and status blocks (USB Mass Storage Class, Bulk-Only Transport 1.0,
  /// section 5), told by their signatures and sizes.
  private var storageEndpoints: Set<Endpoint> {
    let command = (signature: Array("USBC".utf8), size: 31)
    let status = (signature: Array("USBS".utf8), size: 13)
    var endpoints: Set<Endpoint> = []
    for exchange in exchanges {
      let shape = exchange.request.isInput ? status : command
      let bytes = exchange.request.isInput ? exchange.incomingBytes : exchange.request.outgoingBytes
      if bytes.count == shape.size, bytes.starts(with: shape.signature) {
        endpoints.insert(exchange.request.endpoint)
      }
    }
    return endpoints
  }
}
