#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A process beside this one that ends all that bears a mark when this one is killed.
///
/// Nothing can be done after SIGKILL, and a parent's death reaches no grandchild: somebody else has to notice. It waits at
/// a pipe whose other end closes with this process, in a group of its own that no Ctrl-C reaches, and as nobody's child: one
/// that nobody waits for would be a zombie to everybody who waits for any child, as swift-testing does.
final class ProcessWatcher {
  /// Reads a word that says that all is over, or the end of the pipe; $1 is the mark as an environment holds it.
  private static let script = """
    {
      trap "" INT TERM HUP
      read word <&3 && exit
      found() { grep -lsazxF "$1" /proc/[0-9]*/environ | tr -dc '0-9\\n'; }
      all=$(found "$1")
      [ "$all" ] || exit
      kill -TERM $all
      sleep 2
      all=$(found "$1")
      [ "$all" ] && kill -KILL $all
    } &
    """

  private let pipeEnd: Int32

  /// Starts it; nil where the system cannot, which costs no more than this last precaution.
  init?(of mark: ProcessMark) {
    #if os(Linux)
    var ends: [Int32] = [-1, -1]
    // No program may inherit the end that is to close with this process.
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 3)
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var started = pid_t()
    let result = ToolProcess.withStrings(["/bin/sh", "-c", ProcessWatcher.script, "stflash-watch", mark.entry]) {
      posix_spawn(&started, "/bin/sh", &actions, &attributes, $0, environ)
    }
    close(ends[0])
    guard result == 0 else {
      close(ends[1])
      return nil
    }
    pipeEnd = ends[1]
    var status: Int32 = 0
    while waitpid(started, &status, 0) == -1 && errno == EINTR {}
    #else
    return nil
    #endif
  }

  /// Says that all is over.
  func dismiss() {
    _ = write(pipeEnd, "over\n", 5)
  }

  deinit { close(pipeEnd) }
}
