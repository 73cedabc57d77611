#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the operating system says of a file (stat(2)).
struct FileStatus {
  /// The kinds of files that are told apart.
  enum Kind {
    case regular
    case directory
    case link
    /// A FIFO or a socket: somebody else is at the other end.
    case pipe
    case device
  }

  private let status: stat

  /// Looks at what a path leads to; nil, with the reason in errno, where that cannot be told.
  init?(_ path: String, followingLinks: Bool = true) {
    var status = stat()
    guard followingLinks ? stat(path, &status) == 0 : lstat(path, &status) == 0 else { return nil }
    self.status = status
  }

  /// Looks at an open file.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.status = status
  }

  var kind: Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .directory
    case S_IFLNK: .link
    case S_IFIFO, S_IFSOCK: .pipe
    default: .device
    }
  }

  /// Which file it is, whatever name has led there.
  var identity: FileIdentity { .existing(device: UInt64(status.st_dev), file: UInt64(status.st_ino)) }

  /// The size in bytes.
  var byteCount: Int { Int(status.st_size) }
  /// When the content was changed last, in seconds since 1970.
  var modificationTime: time_t {
    #if canImport(Darwin)
    status.st_mtimespec.tv_sec
    #else
    status.st_mtim.tv_sec
    #endif
  }
  /// The permissions.
  var mode: mode_t { status.st_mode & 0o7777 }
  /// The owner.
  var owner: uid_t { status.st_uid }
  /// The group.
  var group: gid_t { status.st_gid }
  /// Whether the file has other names (hard links).
  var hasOtherNames: Bool { status.st_nlink > 1 }
  /// The device that a device file stands for.
  var deviceNumber: UInt64 { UInt64(status.st_rdev) }
}

/// Which file a path means: the same for all names of one file.
enum FileIdentity: Hashable {
  /// A file that is there.
  case existing(device: UInt64, file: UInt64)
  /// A file that is not there yet: its directory and its name.
  case missing(directory: String, name: String)
}
