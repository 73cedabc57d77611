import Engine
import Synchronization

/// A copy of a piece of flash on the disk, there for as long as the chip does not hold it.
final class KeptContent: Sendable {
  /// A copy that is on the disk.
  struct Copy: Equatable {
    /// The file.
    var path: String
    /// Where the bytes belong.
    var address: UInt32
  }

  private let copies = Mutex<[Copy]>([])
  private let files: FileSystem

  /// Makes a place for copies.
  init(files: FileSystem) {
    self.files = files
  }

  /// The copies that the chip has not been given back.
  var left: [Copy] { copies.withLock { $0 } }

  /// Keeps bytes in a new file; an older copy, which may be all that is left of another content, is never replaced.
  func keep(_ bytes: [UInt8], at address: UInt32) throws(FileSystemError) -> Copy {
    var failure = FileSystemError(operation: "write", path: ".", reason: .isDirectory)
    for directory in files.scratchDirectories {
      do throws(FileSystemError) {
        let name = "stflash-kept-\(String(address, radix: 16)).bin"
        let path = try files.makeFile(named: directory == "." ? name : "\(directory)/\(name)", holding: bytes)
        let copy = Copy(path: path, address: address)
        copies.withLock { $0.append(copy) }
        return copy
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// Removes the copies: the chip holds what is in them.
  func discard() {
    copies.withLock { copies in
      copies.forEach { files.remove($0.path) }
      copies = []
    }
  }
}
