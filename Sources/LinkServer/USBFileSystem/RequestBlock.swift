import Basics
import LinkInterface

/// A transfer that a program has submitted (struct usbdevfs_urb, 56 bytes on 64-bit machines).
///
/// | Offset | Field |
/// |---|---|
/// | 0 | type, u8 |
/// | 1 | endpoint, u8 |
/// | 4 | status, i32 |
/// | 8 | flags, u32 |
/// | 16 | address of the buffer |
/// | 24 | buffer length, i32 |
/// | 28 | actual length, i32 |
/// | 32 | start frame, packets, error count, signal: unused here |
/// | 48 | the program's own word |
struct RequestBlock: SubmittedTransfer {
  /// The kind of transfer; isochronous ones (0) exist on no ST-LINK.
  enum Kind: UInt8 {
    case interrupt = 1
    case control = 2
    case bulk = 3
  }

  /// The length of the structure.
  static let structureByteCount = 56
  /// The longest buffer that is taken: the kernel's own limit for all transfers of a machine together (16 MiB).
  static let bufferLimit = 0x100_0000
  private static let statusOffset: UInt64 = 4
  private static let actualLengthOffset: UInt64 = 28
  /// The length of a setup packet, which a control transfer has at the beginning of its buffer.
  static let setupByteCount = 8

  /// Where the structure is in the program's memory, which is also its name.
  let address: UInt64
  var id: UInt64 { address }
  let kind: Kind
  let endpoint: Endpoint
  let bufferAddress: UInt64
  let byteCount: Int
  /// What goes out, read at submission.
  var output: [UInt8] = []
  /// The setup packet of a control transfer.
  var setup: ControlSetup?
  /// What has come in.
  var received: [UInt8] = []
  /// How the transfer has ended; nil for success.
  var failure: LinuxError?

  /// Reads the structure's fields.
  ///
  /// - Throws: `LinuxError.invalid` for a kind that no ST-LINK has, or a length that is none.
  init(_ bytes: [UInt8], at address: UInt64) throws(LinuxError) {
    let length = Int32(bitPattern: bytes.littleEndianWord(at: 24))
    guard let kind = Kind(rawValue: bytes[0]), (0...RequestBlock.bufferLimit).contains(Int(length)) else {
      throw .invalid
    }
    self.address = address
    self.kind = kind
    endpoint = Endpoint(rawValue: bytes[1])
    bufferAddress = UInt64(bytes.littleEndianWord(at: 16)) | UInt64(bytes.littleEndianWord(at: 20)) << 32
    byteCount = Int(length)
  }

  /// Reads the fields of USBDEVFS_BULK: endpoint u32, length u32, timeout u32, at 16 the address of the data.
  init(atOnce fields: [UInt8], to endpoint: Endpoint) throws(LinuxError) {
    let length = Int(fields.littleEndianWord(at: 4))
    guard length <= RequestBlock.bufferLimit else { throw .invalid }
    address = 0
    kind = .bulk
    self.endpoint = endpoint
    bufferAddress = UInt64(fields.littleEndianWord(at: 16)) | UInt64(fields.littleEndianWord(at: 20)) << 32
    byteCount = length
  }

  /// Whether data come in.
  var isInput: Bool {
    if let setup { return setup.requestType & 0x80 != 0 }
    return endpoint.isInput
  }

  /// Fetches what goes out: the setup packet and data of a control transfer, the data of an OUT transfer.
  ///
  /// - Returns: how the kernel refuses the transfer; nil when it is fine.
  mutating func fetch(from memory: some ClientMemory) throws(ClientGone) -> LinuxError? {
    switch kind {
    case .bulk, .interrupt:
      if !endpoint.isInput { output = try memory.read(byteCount, at: bufferAddress) }
    case .control:
      guard byteCount >= RequestBlock.setupByteCount else { return .invalid }
      let setup = ControlSetup(packet: try memory.read(RequestBlock.setupByteCount, at: bufferAddress))
      guard byteCount >= RequestBlock.setupByteCount + Int(setup.length) else { return .invalid }
      self.setup = setup
      if !isInput {
        output = try memory.read(Int(setup.length), at: bufferAddress + UInt64(RequestBlock.setupByteCount))
      }
    }
    return nil
  }

  /// Tells the program how the transfer has ended.
  func store(to memory: some ClientMemory) throws(ClientGone) {
    let dataAddress = bufferAddress + (kind == .control ? UInt64(RequestBlock.setupByteCount) : 0)
    if !received.isEmpty { try memory.write(received, at: dataAddress) }
    let moved = isInput ? received.count : (failure == nil ? output.count : 0)
    try memory.write((-(failure?.rawValue ?? 0)).littleEndianBytes, at: address + RequestBlock.statusOffset)
    try memory.write(Int32(moved).littleEndianBytes, at: address + RequestBlock.actualLengthOffset)
  }
}
