import Basics
import LinkInterface

/// What a session's probe said of itself in its answers, for sessions without descriptors.
public struct ObservedProbe: Sendable, Equatable {
  /// idVendor.
  public var vendorID: UInt16
  /// idProduct.
  public var productID: UInt16
  /// The product; nil for ids that no known ST-LINK has.
  public var product: STLinkProduct?
  /// The firmware; nil where the answer has another form.
  public var firmware: FirmwareVersion?

  /// Looks for the answers to GET_VERSION and GET_VERSION_EX; nil where the first is not there.
  public init?(_ transfers: [ObservedTransfer]) {
    guard let reply = ObservedProbe.reply(to: .getVersion, byteCount: 6, in: transfers) else { return nil }
    vendorID = reply.littleEndianHalfword(at: 2)
    productID = reply.littleEndianHalfword(at: 4)
    product = STLinkProduct(vendorID: vendorID, productID: productID)
    let extended = ObservedProbe.reply(to: .getVersionExtended, byteCount: 12, in: transfers)
    firmware =
      extended.flatMap(FirmwareVersion.init(extendedReply:))
      ?? FirmwareVersion(reply: reply, generation: product?.generation ?? .v2)
  }

  /// Takes the usual product with the endpoint that commands go to: V2 for endpoint 2, V2-1 for endpoint 1.
  ///
  /// Nil where nothing goes out at all.
  public init?(byEndpointsOf transfers: [ObservedTransfer]) {
    let outputs = transfers.compactMap { transfer in
      if case .bulkOut(let endpoint, _) = transfer.request { endpoint } else { nil }
    }
    let usual = [0x3748, 0x374B].compactMap {
      STLinkProduct(vendorID: STLinkProduct.vendorID, productID: $0)
    }
    guard let output = outputs.first, let product = usual.first(where: { $0.endpoints.output == output }) else {
      return nil
    }
    vendorID = STLinkProduct.vendorID
    productID = product.productID
    self.product = product
    firmware = nil
  }

  private static func reply(
    to opcode: STLinkOpcode, byteCount: Int, in transfers: [ObservedTransfer]
  ) -> [UInt8]? {
    zip(transfers, transfers.dropFirst()).first { command, reply in
      command.sent.starts(with: opcode.bytes) && reply.received.count == byteCount
    }?.1.received
  }
}

/// The 16 bytes that a host sends as a command.
public enum CommandBlock {
  /// The name of what stands at an offset, such as "the address"; nil behind the last argument and for a command that
  /// nobody documents.
  public static func field(at offset: Int, in block: [UInt8]) -> String? {
    CommandDetails.field(at: offset, in: block)
  }
}
