/// One command to a probe: what is sent, what comes back, and what its outcome is read from.
struct STLinkCommand: Sendable, Equatable {
  /// The data that belong to a command besides its block.
  enum DataPhase: Sendable, Equatable {
    /// Neither write data nor a reply.
    case none
    /// A reply or read data of this many bytes.
    case input(byteCount: Int)
    /// Write data.
    case output([UInt8])
  }

  /// Where the command's status is found.
  enum StatusSource: Sendable, Equatable {
    /// The command has none.
    case none
    /// In the first byte of its own reply.
    case reply
    /// In the answer to the next command, GETLASTRWSTATUS or its successor.
    case lastStatus
  }

  /// What the probe is to do.
  let opcode: STLinkOpcode
  /// The command block: 16 bytes, what is not used is zero.
  let block: [UInt8]
  /// What moves besides the block.
  let data: DataPhase
  /// Where the status is found.
  let statusSource: StatusSource
  /// The target's address that the command begins at; nil where it has none.
  let address: UInt32?
  /// Whether the command may be carried out twice: it is sent again when the target only asked for patience, and when its
  /// reply was lost.
  ///
  /// Neither tells whether the access has happened: the port may have taken it and be waiting for the bus. So what must
  /// not happen twice (keys, flash data, reset requests) is not sent twice.
  let isRepeatable: Bool

  /// The size of every command block.
  static let blockByteCount = 16

  /// Makes a command from its opcode's bytes and the arguments that follow them.
  init(
    _ opcode: STLinkOpcode, arguments: [UInt8] = [], data: DataPhase? = nil, status: StatusSource,
    address: UInt32? = nil, isRepeatable: Bool = true
  ) {
    self.opcode = opcode
    let used = opcode.bytes + arguments
    block = used + [UInt8](repeating: 0, count: max(0, STLinkCommand.blockByteCount - used.count))
    if let data {
      self.data = data
    } else if case .bytes(let count) = opcode.reply {
      self.data = .input(byteCount: count)
    } else {
      self.data = .none
    }
    statusSource = status
    self.address = address
    self.isRepeatable = isRepeatable
  }

  /// The least significant byte first, as every number of a command block.
  static func bytes(_ value: UInt32) -> [UInt8] {
    [
      UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 24),
    ]
  }

  /// The least significant byte first, as every number of a command block.
  static func bytes(_ value: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
}
