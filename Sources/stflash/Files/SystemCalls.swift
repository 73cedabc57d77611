#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The system calls whose failures a disk causes, so that a test can let them fail.
struct SystemCalls: Sendable {
  /// write(2).
  var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int
  /// fsync(2).
  var synchronize: @Sendable (Int32) -> Int32
  /// rename(2).
  var rename: @Sendable (String, String) -> Int32

  /// The operating system's own.
  static let system = SystemCalls(
    write: { descriptor, bytes in posixWrite(descriptor, bytes.baseAddress, bytes.count) },
    synchronize: { fsync($0) },
    rename: { from, to in posixRename(from, to) })
}

#if canImport(Glibc)
private let posixWrite = Glibc.write
private let posixRename = Glibc.rename
#else
private let posixWrite = Darwin.write
private let posixRename = Darwin.rename
#endif
