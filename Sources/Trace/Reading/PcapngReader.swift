import Basics

/// Reads the blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), in either byte order.
struct PcapngReader {
  private struct Interface {
    var number: Int
    var linkType: UInt16
    var snapLength: UInt32
    var resolution = TimeResolution.microseconds
    var offset: Int64 = 0
  }

  /// The obsolete packet block, which old files still have.
  private static let obsoletePacket: UInt32 = 2
  private static let timeOffset: UInt16 = 14
  /// Type, length, and the length again.
  private static let smallestBlock = 12

  private let bytes: [UInt8]
  private var isBigEndian = false
  private var interfaces: [Interface] = []
  private var interfaceCount = 0
  private var result = CapturedPackets()

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether a file begins like pcapng.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
  }

  /// Reads a whole file; one that was cut off is read as far as it goes.
  static func read(_ bytes: [UInt8]) throws(TraceError) -> CapturedPackets {
    var reader = PcapngReader(bytes: bytes)
    var position = 0
    while position < bytes.count {
      guard let length = try reader.readBlock(at: position) else {
        if position == 0 { throw TraceError(.headerCutOff, at: .offset(position)) }
        reader.result.remarks.append("the file is cut off within the block at byte \(position)")
        break
      }
      position += length
    }
    return reader.result
  }

  /// Reads one block and returns its length; nil when the file ends within it.
  private mutating func readBlock(at position: Int) throws(TraceError) -> Int? {
    let rest = bytes[position...]
    if PcapngReader.recognises(Array(rest.prefix(4))) {
      guard let magic = ByteReader(rest, isBigEndian: false).word(8) else { return nil }
      guard magic == PcapngBlock.byteOrderMagic || magic.byteSwapped == PcapngBlock.byteOrderMagic else {
        throw fieldError("the byte order mark", "1A2B3C4D", String(magic, radix: 16), position + 8)
      }
      isBigEndian = magic != PcapngBlock.byteOrderMagic
      interfaces = []
    }
    let head = ByteReader(rest, isBigEndian: isBigEndian)
    guard let type = head.word(0), let length = head.word(4).map(Int.init) else { return nil }
    guard length >= PcapngReader.smallestBlock, length % 4 == 0 else {
      throw fieldError("the block's length", "a multiple of 4 from 12 on", "\(length)", position + 4)
    }
    guard length <= rest.count else { return nil }
    let again = head.word(length - 4)
    guard again == UInt32(length) else {
      throw fieldError("the block's second length", "\(length)", "\(again ?? 0)", position + length - 4)
    }
    let body = ByteReader(head.slice(8, count: length - PcapngReader.smallestBlock), isBigEndian: isBigEndian)
    try readBody(type, body, at: position + 8)
    return length
  }

  private mutating func readBody(_ type: UInt32, _ body: ByteReader, at position: Int) throws(TraceError) {
    switch type {
    case PcapngBlock.Kind.sectionHeader:
      readOptions(body, from: 16)
    case PcapngBlock.Kind.interfaceDescription:
      try readInterface(body, at: position)
    case PcapngBlock.Kind.enhancedPacket:
      try readPacket(body, interface: body.word(0).map(Int.init), at: position)
    case PcapngReader.obsoletePacket:
      try readPacket(body, interface: body.halfword(0).map(Int.init), at: position)
    case PcapngBlock.Kind.simplePacket:
      guard let interface = interfaces.first, let length = body.word(0) else { return }
      let limit = interface.snapLength == 0 ? length : min(length, interface.snapLength)
      append(body.slice(4, count: Int(limit)), of: interface, time: nil)
    case PcapngBlock.Kind.interfaceStatistics:
      readOptions(body, from: 12)
    default:
      break
    }
  }

  private mutating func readInterface(_ body: ByteReader, at position: Int) throws(TraceError) {
    guard let linkType = body.halfword(0), let snapLength = body.word(4) else {
      throw fieldError("the interface's length", "at least 8", "\(body.count)", position)
    }
    var interface = Interface(number: interfaceCount, linkType: linkType, snapLength: snapLength)
    for option in options(body, from: 8) {
      switch (option.code, option.value.count) {
      case (PcapngBlock.timeResolution, 1...):
        let code = option.value.byte(0) ?? 0
        guard let resolution = TimeResolution(pcapng: code) else {
          throw fieldError("the time resolution", "at most 2^-63 or 10^-19", "\(code)", position)
        }
        interface.resolution = resolution
      case (PcapngReader.timeOffset, 8...):
        interface.offset = Int64(bitPattern: option.value.doubleWord(0) ?? 0)
      default:
        break
      }
    }
    interfaces.append(interface)
    interfaceCount += 1
  }

  private mutating func readPacket(
    _ body: ByteReader, interface index: Int?, at position: Int
  ) throws(TraceError) {
    guard let index, let high = body.word(4), let low = body.word(8), let captured = body.word(12) else {
      throw fieldError("the packet's length", "at least 20", "\(body.count)", position)
    }
    guard interfaces.indices.contains(index) else {
      throw fieldError("the packet's interface", "below \(interfaces.count)", "\(index)", position)
    }
    let dataStart = 20
    guard Int(captured) <= body.count - dataStart else {
      throw fieldError(
        "the packet's captured length", "at most \(body.count - dataStart)", "\(captured)", position + 12)
    }
    let interface = interfaces[index]
    let time = interface.resolution.duration(of: UInt64(high) << 32 | UInt64(low)) + .seconds(interface.offset)
    append(body.slice(dataStart, count: Int(captured)), of: interface, time: time)
    let commentCount = result.comments.count
    readOptions(body, from: dataStart + (Int(captured) + 3) / 4 * 4)
    guard result.comments.count > commentCount else { return }
    result.packets[result.packets.count - 1].comments = Array(result.comments[commentCount...])
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>, of interface: Interface, time: Duration?) {
    result.packets.append(
      CapturedPackets.Packet(
        interface: interface.number, linkType: interface.linkType, isBigEndian: isBigEndian, time: time, bytes: bytes))
  }

  /// Keeps the comments among a block's options.
  private mutating func readOptions(_ body: ByteReader, from start: Int) {
    for option in options(body, from: start) where option.code == PcapngBlock.CommonOption.comment {
      result.comments.append(String(decoding: option.value.bytes, as: UTF8.self))
    }
  }

  /// A block's options; one that runs past the block ends them.
  private func options(_ body: ByteReader, from start: Int) -> [(code: UInt16, value: ByteReader)] {
    var list: [(code: UInt16, value: ByteReader)] = []
    var position = start
    while let code = body.halfword(position), let length = body.halfword(position + 2),
      code != PcapngBlock.CommonOption.end, position + 4 + Int(length) <= body.count
    {
      let value = body.slice(position + 4, count: Int(length))
      list.append((code, ByteReader(value, isBigEndian: isBigEndian)))
      position += 4 + (Int(length) + 3) / 4 * 4
    }
    return list
  }

  private func fieldError(_ name: String, _ expected: String, _ found: String, _ offset: Int) -> TraceError {
    TraceError(.field(name: name, expected: expected, found: found), at: .offset(offset))
  }
}
