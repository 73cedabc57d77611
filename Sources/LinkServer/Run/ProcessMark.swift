import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A variable in the environment of a program and of all that it starts, by which they are found again.
///
/// A process that has lost its parent is no descendant any more, but still has its environment.
struct ProcessMark {
  /// The variable's name.
  static let variable = "STFLASH_RUN"
  private static let runs = Atomic<Int>(0)
  /// The most that is read of an environment (the kernel's limit for one string is 128 KiB).
  private static let longestEnvironment = 0x10_0000

  /// The variable's value, of this run only.
  let value: String

  /// Makes a mark that nobody bears yet.
  init() {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let run = ProcessMark.runs.add(1, ordering: .relaxed).newValue
    value = "\(getpid()).\(run).\(time.tv_sec)\(time.tv_nsec)"
  }

  /// The variable with its value, as an environment holds it.
  var entry: String { "\(ProcessMark.variable)=\(value)" }

  /// The processes that bear the mark, without those that have ended and wait for their parent; only Linux tells.
  var bearers: [pid_t] {
    FileTree.names(in: "/proc").compactMap { pid_t($0) }.filter(isBorne)
  }

  private func isBorne(by process: pid_t) -> Bool {
    guard let file = fopen("/proc/\(process)/environ", "re") else { return false }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 0x1_0000)
    while bytes.count < ProcessMark.longestEnvironment {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes.split(separator: 0).contains { $0.elementsEqual(entry.utf8) }
  }
}
