#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The memory of another program on this machine, by way of /proc; the rules of ptrace(2) say whose may be touched.
struct ProcessMemory: ClientMemory {
  /// A thread of the program.
  let thread: Int32

  func read(_ byteCount: Int, at address: UInt64) throws(ClientGone) -> [UInt8] {
    guard byteCount > 0 else { return [] }
    let descriptor = try file(O_RDONLY)
    defer { close(descriptor) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initializedCount in
      count = pread(descriptor, buffer.baseAddress, byteCount, off_t(bitPattern: address))
      initializedCount = max(count, 0)
    }
    guard count == byteCount else { throw ClientGone() }
    return bytes
  }

  func write(_ bytes: [UInt8], at address: UInt64) throws(ClientGone) {
    guard !bytes.isEmpty else { return }
    let descriptor = try file(O_WRONLY)
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, off_t(bitPattern: address)) == bytes.count else { throw ClientGone() }
  }

  private func file(_ mode: Int32) throws(ClientGone) -> Int32 {
    let descriptor = open("/proc/\(thread)/mem", mode | O_CLOEXEC)
    guard descriptor >= 0 else { throw ClientGone() }
    return descriptor
  }
}

extension off_t {
  fileprivate init(bitPattern address: UInt64) {
    self = off_t(Int64(bitPattern: address))
  }
}

/// The user that this program runs as.
enum LinuxUser {
  static let id = geteuid()
  static let group = getegid()
}
#endif
