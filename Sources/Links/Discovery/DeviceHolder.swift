#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A running program that has a probe's device file open, and so may be the one that holds it.
package struct DeviceHolder: Sendable, Equatable {
  /// The process id.
  package var processID: Int32
  /// The program's name, cut by the kernel to 15 characters; nil where it could not be read.
  package var name: String?

  /// Makes one.
  package init(processID: Int32, name: String?) {
    self.processID = processID
    self.name = name
  }

  /// The programs other than this one that have `node` open, by process id.
  ///
  /// Looks at the open files of every process that this user may look at (proc(5), `/proc/PID/fd`). Programs of other
  /// users stay unseen without privileges, and nothing is found where there is no `/proc`.
  static func all(of node: String, processes root: String = "/proc") -> [DeviceHolder] {
    let own = getpid()
    return entries(of: root).compactMap(Int32.init).filter { $0 != own }.sorted().compactMap { processID in
      let folder = "\(root)/\(processID)"
      guard entries(of: folder + "/fd").contains(where: { target(of: "\(folder)/fd/\($0)") == node }) else {
        return nil
      }
      return DeviceHolder(processID: processID, name: firstLine(of: folder + "/comm"))
    }
  }

  /// The names in a folder; none when it cannot be read.
  private static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
          String(cString: $0)
        }
      }
      names.append(name)
    }
    return names
  }

  /// What a symbolic link points to; nil when it cannot be read.
  private static func target(of link: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink(link, $0, bytes.count) } ?? -1
    }
    return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  private static func firstLine(of path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { read(file, $0, bytes.count) } ?? 0
    }
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
