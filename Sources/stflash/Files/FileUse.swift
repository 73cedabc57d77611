#if canImport(Glibc)
import Failures
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that a command line names, and what the command does with it.
struct FileUse: Equatable {
  /// What happens to a file's content.
  enum Access {
    case reads
    case writes
    /// Read in the beginning, written in the end.
    case updates
  }

  /// How the command line names it: an option, or "FILE" for an argument.
  let role: String
  /// The file, as the user named it.
  let path: String
  let access: Access

  /// Makes a use.
  init(_ role: String, _ path: String, _ access: Access) {
    self.role = role
    self.path = path
    self.access = access
  }

  /// Whether the command's own output must stay away from standard output, because this file is it.
  var takesStandardOutput: Bool {
    guard access == .writes, case .descriptor(STDOUT_FILENO)? = try? FileDestination(path) else { return false }
    return true
  }

  /// Which file it is, under whatever name; nil for one that cannot be told, and for the null device, which has no
  /// content to lose.
  fileprivate var identity: FileIdentity? {
    if access == .reads, path == FileSystem.standardStream { return FileStatus(of: STDIN_FILENO)?.identity }
    guard let destination = try? FileDestination(path) else { return nil }
    let status =
      if case .descriptor(let descriptor) = destination { FileStatus(of: descriptor) } else { FileStatus(path) }
    return FileUse.isNull(status) ? nil : destination.identity(of: path)
  }

  /// Whether a second look at it finds the same content.
  fileprivate var isReadableAgain: Bool {
    path != FileSystem.standardStream && FileStatus(path)?.kind == .regular
  }

  private static func isNull(_ status: FileStatus?) -> Bool {
    guard let status, status.kind == .device, let null = FileStatus("/dev/null") else { return false }
    return status.deviceNumber == null.deviceNumber
  }

  /// Refuses a command line that names a file twice, unless both only read it: one of the two would be lost.
  static func check(_ uses: [FileUse]) throws(CommandFailure) {
    var earlier: [FileIdentity: FileUse] = [:]
    for use in uses {
      if use.access == .updates && use.path == FileSystem.standardStream {
        throw .usage("\(use.role) is read and written, which a stream is not: name a file")
      }
      guard let identity = use.identity else { continue }
      if let other = earlier[identity], use.conflicts(with: other) {
        let names = use.path == other.path ? "\"\(use.path)\"" : "\"\(other.path)\" and \"\(use.path)\", one file,"
        throw .usage(
          "\(other.role) and \(use.role) name the same file: \(names) cannot be both",
          remedies: ["Name another file for one of them"])
      }
      earlier[identity] = use
    }
    try checkStandardOutput(uses)
  }

  private func conflicts(with other: FileUse) -> Bool {
    !(access == .reads && other.access == .reads) || !isReadableAgain
  }

  /// A file that the shell has put behind standard output is one more name of it.
  private static func checkStandardOutput(_ uses: [FileUse]) throws(CommandFailure) {
    guard let output = FileStatus(of: STDOUT_FILENO), output.kind == .regular else { return }
    for use in uses where use.access != .reads && !use.takesStandardOutput && use.identity == output.identity {
      throw .usage(
        "\(use.role) names the file that standard output goes to: \"\(use.path)\" cannot be both",
        remedies: ["Name another file for one of them"])
    }
  }
}
