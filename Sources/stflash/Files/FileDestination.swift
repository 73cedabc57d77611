#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the bytes go that are to be written to a path.
enum FileDestination {
  /// A descriptor that this process was given, under one of its names (`-`, `/dev/stdout`, `/dev/fd/3`): whoever opened
  /// it has said where in the file it writes.
  case descriptor(Int32)
  /// A device, a pipe, or what only the kernel can open: written to as it is.
  case special
  /// A regular file at a path without links.
  case file(String, FileStatus)
  /// Nothing yet, at a path without links.
  case nothing(String)

  /// How many links are followed before they are taken to go round in circles (Linux: MAXSYMLINKS).
  private static let linkLimit = 40

  /// Follows a path to its end.
  ///
  /// Links are followed by their text, so that one which leads nowhere yet is followed like any other. The links of the
  /// proc file system have no such text: what they lead to is a descriptor, ours or another process's.
  init(_ path: String) throws(FileSystemError) {
    if path == FileSystem.standardStream {
      self = .descriptor(STDOUT_FILENO)
      return
    }
    var current = path
    for _ in 0..<FileDestination.linkLimit {
      if let descriptor = FileDestination.ownDescriptor(current) {
        self = .descriptor(descriptor)
        return
      }
      guard let status = FileStatus(current, followingLinks: false) else {
        guard errno == ENOENT else {
          throw FileSystemError(operation: "write", path: path, reason: .system(errno))
        }
        self = .nothing(current)
        return
      }
      switch status.kind {
      case .directory: throw FileSystemError(operation: "write", path: path, reason: .isDirectory)
      case .regular:
        self = .file(current, status)
        return
      case .pipe, .device:
        self = .special
        return
      case .link: break
      }
      let directory = FileDestination.realPath(FileSystem.directory(of: current))
      guard !(directory?.hasPrefix("/proc/") ?? false), let text = FileDestination.text(ofLink: current) else {
        self = .special
        return
      }
      current = text.hasPrefix("/") ? text : "\(FileSystem.directory(of: current))/\(text)"
    }
    throw FileSystemError(operation: "write", path: path, reason: .system(ELOOP))
  }

  /// The descriptor of this process that a path names by its number.
  private static func ownDescriptor(_ path: String) -> Int32? {
    guard let number = Int32(FileSystem.lastPart(of: path)),
      let directory = realPath(FileSystem.directory(of: path))
    else { return nil }
    #if os(Linux)
    let isOurs = directory == realPath("/proc/self/fd") || directory == realPath("/proc/thread-self/fd")
    #else
    let isOurs = directory == "/dev/fd"
    #endif
    return isOurs ? number : nil
  }

  /// The path without links; nil where it does not lead to anything.
  static func realPath(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static func text(ofLink path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }
}

extension FileDestination {
  /// Which file it is; nil for a closed descriptor and for what the kernel alone can open.
  func identity(of path: String) -> FileIdentity? {
    switch self {
    case .descriptor(let descriptor): FileStatus(of: descriptor)?.identity
    case .special: FileStatus(path)?.identity
    case .file(_, let status): status.identity
    case .nothing(let target):
      FileDestination.realPath(FileSystem.directory(of: target)).map {
        .missing(directory: $0, name: FileSystem.lastPart(of: target))
      }
    }
  }
}
