import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct FileLockTests {
  private let directory = TemporaryDirectory()
  private let files = FileSystem()

  @Test func `a lock keeps a second user away until it is dropped, and leaves nothing behind`() throws {
    let path = directory.file("state")
    do {
      let lock = try FileLock(for: path)
      #expect(throws: FileSystemError(operation: "use", path: path, reason: .locked)) {
        _ = try FileLock(for: path)
      }
      _ = consume lock
    }
    _ = try FileLock(for: path)
    #expect(directory.names == [])
  }

  @Test func `every name of a file leads to the same lock`() throws {
    let path = try directory.write("state", [1])
    let (soft, hard, toNothing) = (directory.file("soft"), directory.file("hard"), directory.file("later"))
    try #require(symlink("state", soft) == 0 && link(path, hard) == 0 && symlink("new", toNothing) == 0)
    for (first, second) in [(path, soft), (soft, hard), (hard, path), (toNothing, directory.file("new"))] {
      let lock = try FileLock(for: first)
      #expect(throws: FileSystemError(operation: "use", path: second, reason: .locked)) {
        _ = try FileLock(for: second)
      }
      _ = consume lock
    }
    #expect(directory.names == ["hard", "later", "soft", "state"])
  }

  @Test func `a file beside the state stays, whatever its name is`() throws {
    let path = directory.file("state")
    try directory.write("state.lock", [1, 2, 3])
    let lock = try FileLock(for: path)
    _ = consume lock
    #expect(try files.read(directory.file("state.lock")) == [1, 2, 3])
  }

  @Test func `a file that was there stays, an empty one too`() throws {
    try directory.write("state", [])
    let lock = try FileLock(for: directory.file("state"))
    let isMade = lock.isMadeForLock
    #expect(!isMade)
    _ = consume lock
    #expect(directory.names == ["state"])
  }

  @Test func `who replaces the file as the holder leaves the new one to the next holder`() throws {
    let path = try directory.write("state", [1])
    let lock = try FileLock(for: path)
    try files.replace(path, with: [2])
    _ = consume lock
    let next = try FileLock(for: path)
    #expect(throws: FileSystemError(operation: "use", path: path, reason: .locked)) {
      _ = try FileLock(for: path)
    }
    _ = consume next
    #expect(try files.read(path) == [2])
  }

  @Test func `what is no regular file, and what lies in no directory, is no state`() throws {
    let path = directory.file("none/state")
    #expect(throws: FileSystemError(operation: "lock", path: path, reason: .system(ENOENT))) {
      _ = try FileLock(for: path)
    }
    let fifo = directory.file("fifo")
    try #require(mkfifo(fifo, 0o600) == 0)
    for path in ["/dev/null", fifo] {
      #expect(throws: FileSystemError(operation: "lock", path: path, reason: .notRegular)) {
        _ = try FileLock(for: path)
      }
    }
  }
}
