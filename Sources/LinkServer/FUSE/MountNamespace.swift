#if os(Linux)
import CLinux
import Failures
import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A view of the file system that only this program and those that it starts have.
///
/// There is no way back: this program keeps it until it ends.
struct MountNamespace {
  private static let operation = "make a file system of its own for the program"
  private static let remedies: [Advice] = [
    "install umockdev, which needs no such rights (Debian, Ubuntu: apt install umockdev)",
    "or allow user namespaces: sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns",
  ]

  /// Leaves the file system that all programs share.
  ///
  /// Root needs no more than the right to mount; everybody else becomes root of a user namespace without other users.
  /// - Throws: `ServerError` where this user may do neither.
  init() throws(ServerError) {
    let user = LinuxUser.id
    let group = LinuxUser.group
    if user == 0 && unshare(Int32(stflash_new_mounts)) == 0 {
      // Root's own rights are enough.
    } else {
      guard unshare(Int32(stflash_new_mounts | stflash_new_user)) == 0 else {
        throw ServerError(MountNamespace.operation, number: errno, remedies: MountNamespace.remedies)
      }
      try SystemFile.write("/proc/self/setgroups", "deny")
      try SystemFile.write("/proc/self/uid_map", "\(user) \(user) 1")
      try SystemFile.write("/proc/self/gid_map", "\(group) \(group) 1")
    }
    // What is mounted from now on stays in here.
    try MountNamespace.mount("none", on: "/", type: nil, UInt(MS_REC) | UInt(MS_PRIVATE))
  }

  /// Shows a folder at another place.
  func bind(_ folder: String, on place: String) throws(ServerError) {
    try MountNamespace.mount(folder, on: place, type: nil, UInt(MS_BIND) | UInt(MS_REC))
  }

  /// Mounts a file system that this program serves over a descriptor of /dev/fuse.
  func mountServed(over descriptor: Int32, on place: String) throws(ServerError) {
    let options =
      "fd=\(descriptor),rootmode=40000,user_id=\(LinuxUser.id),group_id=\(LinuxUser.group),allow_other"
    try MountNamespace.mount("stflash", on: place, type: "fuse", UInt(MS_NOSUID) | UInt(MS_NODEV), options)
  }

  /// Sees to it that a folder exists, on which something can be mounted.
  ///
  /// Where it does not, the folder above that exists is replaced by one with the same entries and the missing one.
  func makePlace(_ path: String) throws(ServerError) {
    guard access(path, F_OK) != 0 else { return }
    var existing = path
    while access(existing, F_OK) != 0 {
      existing = "/" + existing.split(separator: "/").dropLast().joined(separator: "/")
    }
    var hold = Array("/tmp/stflash-XXXXXX".utf8CString)
    guard mkdtemp(&hold) != nil else { throw ServerError("make a folder in /tmp", number: errno) }
    let old = String(decoding: hold.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
      // Only an empty folder can be removed this way: what could not be unmounted is left alone.
      umount2(old, Int32(MNT_DETACH))
      rmdir(old)
    }
    try bind(existing, on: old)
    try MountNamespace.mount("tmpfs", on: existing, type: "tmpfs", UInt(MS_NOSUID), "mode=755")
    for name in FileTree.names(in: old) { try show("\(old)/\(name)", at: "\(existing)/\(name)") }
    var made = existing
    for component in path.dropFirst(existing.count).split(separator: "/") {
      made += "/\(component)"
      guard mkdir(made, 0o755) == 0 else { throw ServerError("make the folder \(made)", number: errno) }
    }
  }

  /// Makes an entry that shows another one: a link for a link, a mount for everything else.
  private func show(_ entry: String, at place: String) throws(ServerError) {
    var status = stat()
    guard lstat(entry, &status) == 0 else { return }
    switch status.st_mode & S_IFMT {
    case S_IFLNK:
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(entry, &target, target.count)
      guard length >= 0 else { throw ServerError("read the link \(entry)", number: errno) }
      let text = String(decoding: target.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard symlink(text, place) == 0 else { throw ServerError("make the link \(place)", number: errno) }
      return
    case S_IFDIR:
      guard mkdir(place, 0o755) == 0 else { throw ServerError("make the folder \(place)", number: errno) }
    default:
      let descriptor = open(place, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw ServerError("make the file \(place)", number: errno) }
      close(descriptor)
    }
    try bind(entry, on: place)
  }

  private static func mount(
    _ source: String, on place: String, type: String?, _ flags: UInt, _ options: String = ""
  ) throws(ServerError) {
    #if canImport(Glibc)
    let result = Glibc.mount(source, place, type, flags, options)
    #else
    let result = Musl.mount(source, place, type, flags, options)
    #endif
    guard result == 0 else { throw ServerError("mount on \(place)", number: errno, remedies: remedies) }
  }
}
#endif
