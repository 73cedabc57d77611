#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The three descriptors that every process expects to have.
enum StandardStreams {
  /// Opens those of them that are closed, so that no file and no connection of ours gets their number, and with it what
  /// is meant for a user.
  ///
  /// They are opened the wrong way round, so that what uses one fails as on a closed one: a result that nobody can be
  /// told is no success.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Takes the lowest free number, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
