import Basics

#if os(Linux)
/// A request of the kernel to a file system in user space (linux/fuse.h, protocol 7.31); everything is little-endian.
struct FUSERequest {
  /// What the kernel wants; the others are refused with ENOSYS, which it takes for "not supported".
  enum Operation: UInt32 {
    case lookup = 1
    case forget = 2
    case getAttributes = 3
    case open = 14
    case read = 15
    case statistics = 17
    case release = 18
    case flush = 25
    case initialize = 26
    case openFolder = 27
    case readFolder = 28
    case releaseFolder = 29
    case access = 34
    case interrupt = 36
    case destroy = 38
    case control = 39
    case poll = 40
    case forgetMany = 42

    /// Whether the kernel waits for a reply.
    var wantsReply: Bool {
      switch self {
      case .forget, .forgetMany, .interrupt: false
      default: true
      }
    }
  }

  /// The length of the header that every request has.
  private static let headerByteCount = 40

  /// What is wanted; nil for an operation that is not served.
  let operation: Operation?
  /// The name of the request, which its reply has to carry.
  let unique: UInt64
  /// The file or folder.
  let node: UInt64
  /// The thread that has made the system call.
  let thread: Int32
  /// What follows the header.
  let body: [UInt8]

  /// Reads a request; nil for one that is cut short.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= FUSERequest.headerByteCount, bytes.littleEndianWord(at: 0) == bytes.count else { return nil }
    operation = Operation(rawValue: bytes.littleEndianWord(at: 4))
    unique = bytes.littleEndianDoubleWord(at: 8)
    node = bytes.littleEndianDoubleWord(at: 16)
    thread = Int32(bitPattern: bytes.littleEndianWord(at: 32))
    body = Array(bytes.dropFirst(FUSERequest.headerByteCount))
  }

  /// The name that a lookup is for.
  var name: String { String(decoding: body.prefix { $0 != 0 }, as: UTF8.self) }
}

/// What a file system in user space answers.
enum FUSEReply {
  /// The protocol's version that is spoken here.
  static let version: (major: UInt32, minor: UInt32) = (7, 31)

  /// A reply: header with length, errno and the request's name; then the content.
  static func bytes(to unique: UInt64, _ result: Result<[UInt8], LinuxError>) -> [UInt8] {
    switch result {
    case .success(let content): message(0, unique, content)
    case .failure(let error): message(-error.rawValue, unique, [])
    }
  }

  /// FUSE_NOTIFY_POLL: wakes the programs that poll a file.
  static func wake(pollHandle: UInt64) -> [UInt8] {
    message(1, 0, pollHandle.littleEndianBytes)
  }

  /// fuse_init_out: version and limits; no optional features.
  static var initialization: [UInt8] {
    let limits = [version.major, version.minor, 0, 0, 0, 0x2_0000, 1].flatMap(\.littleEndianBytes)
    return limits + [UInt8](repeating: 0, count: 64 - limits.count)
  }

  /// fuse_entry_out: a node with its attributes; folders stay what they are, a device may leave at any time.
  static func entry(_ node: FUSENode) -> [UInt8] {
    let lifetime = node.device == nil ? lifetime : 0
    return node.number.littleEndianBytes + UInt64(0).littleEndianBytes + lifetime.littleEndianBytes
      + lifetime.littleEndianBytes + UInt64(0).littleEndianBytes + node.attributes
  }

  /// fuse_attr_out.
  static func attributes(_ node: FUSENode) -> [UInt8] {
    lifetime.littleEndianBytes + UInt64(0).littleEndianBytes + node.attributes
  }

  /// fuse_open_out: a file handle and flags.
  static func opened(_ handle: UInt64, bypassesCache: Bool) -> [UInt8] {
    handle.littleEndianBytes + UInt32(bypassesCache ? 1 : 0).littleEndianBytes + UInt32(0).littleEndianBytes
  }

  /// fuse_ioctl_out without data: what is to be moved is moved in the program's memory.
  static func controlled(_ result: Int32) -> [UInt8] {
    result.littleEndianBytes + [UInt8](repeating: 0, count: 12)
  }

  /// fuse_poll_out.
  static func polled(_ events: UInt32) -> [UInt8] {
    events.littleEndianBytes + UInt32(0).littleEndianBytes
  }

  /// fuse_statfs_out: nothing to tell.
  static let statistics = [UInt8](repeating: 0, count: 80)

  /// The entries of a folder (fuse_dirent) behind an offset, as many as fit.
  static func entries(_ nodes: [FUSENode], from offset: Int, atMost byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, node) in nodes.enumerated().dropFirst(offset) {
      let name = Array(node.name.utf8)
      var entry = node.number.littleEndianBytes + UInt64(index + 1).littleEndianBytes
      entry += UInt32(name.count).littleEndianBytes + (node.mode >> 12).littleEndianBytes + name
      entry += [UInt8](repeating: 0, count: (8 - entry.count % 8) % 8)
      guard bytes.count + entry.count <= byteCount else { break }
      bytes += entry
    }
    return bytes
  }

  private static let lifetime: UInt64 = 3_600

  private static func message(_ error: Int32, _ unique: UInt64, _ content: [UInt8]) -> [UInt8] {
    UInt32(16 + content.count).littleEndianBytes + error.littleEndianBytes + unique.littleEndianBytes + content
  }
}

/// A file or folder of the virtual `/dev/bus/usb`.
struct FUSENode {
  /// The number; 1 is the root.
  let number: UInt64
  /// The name in its folder.
  let name: String
  /// What can be read from a device file, the descriptors; nothing for a folder.
  let content: [UInt8]
  /// The device; nil for a folder.
  let device: DeviceNode?
  /// The files and folders of a folder.
  let children: [UInt64]

  private static let folderMode: UInt32 = 0o040755
  /// An ordinary file: opening a device file would lead to the kernel's own driver.
  private static let fileMode: UInt32 = 0o100666

  /// The kind of file, and who may do what.
  var mode: UInt32 { device == nil ? FUSENode.folderMode : FUSENode.fileMode }

  /// fuse_attr, 88 bytes: number, size, blocks, six words of times, mode, links, owner, block size.
  var attributes: [UInt8] {
    let owner = [UInt32(LinuxUser.id), UInt32(LinuxUser.group)]
    let words: [UInt32] = [mode, device == nil ? 2 : 1] + owner + [0, 4_096, 0]
    return number.littleEndianBytes + UInt64(content.count).littleEndianBytes + [UInt8](repeating: 0, count: 44)
      + words.flatMap(\.littleEndianBytes)
  }
}
#endif
