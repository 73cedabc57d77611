import Engine
import Failures
import LinkInterface
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What writing a file must not make of what is there.
struct OutputFileTests {
  private let directory = TemporaryDirectory()
  private let files = FileSystem()

  private func status(_ name: String) throws -> FileStatus {
    try #require(FileStatus(directory.file(name), followingLinks: false))
  }

  // MARK: - Links, devices, pipes

  @Test func `a link to a file that is not there yet makes that file`() throws {
    try #require(symlink("target", directory.file("link")) == 0)
    try #require(symlink("link", directory.file("second")) == 0)
    try files.replace(directory.file("second"), with: [1])
    #expect(try status("second").kind == .link && status("link").kind == .link)
    #expect(try files.read(directory.file("target")) == [1])
  }

  @Test func `links in a circle are an error and stay`() throws {
    try #require(symlink("b", directory.file("a")) == 0 && symlink("a", directory.file("b")) == 0)
    let path = directory.file("a")
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(ELOOP))) {
      try files.replace(path, with: [1])
    }
    #expect(try status("a").kind == .link && status("b").kind == .link)
  }

  #if os(Linux)
  @Test func `a link to an open descriptor is written through it and stays one`() throws {
    let opened = open(try directory.write("file", [1, 2]), O_WRONLY | O_APPEND)
    // A number that no other test gets as soon as it is closed here.
    let descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 700)
    close(opened)
    try #require(descriptor >= 700)
    let path = directory.file("stream")
    try #require(symlink("/proc/self/fd/\(descriptor)", path) == 0)
    try files.checkWritable(path)
    try files.replace(path, with: [3])
    close(descriptor)
    #expect(try files.read(directory.file("file")) == [1, 2, 3])
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(EBADF))) {
      try files.replace(path, with: [4])
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(EBADF))) {
      try files.checkWritable(path)
    }
    #expect(try status("stream").kind == .link)
    #expect(directory.names == ["file", "stream"])
  }

  @Test func `a recording is appended to an open descriptor`() throws {
    let descriptor = open(try directory.write("file", [1, 2]), O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    let growing = try GrowingFile("/dev/fd/\(descriptor)", files: files)
    try growing.append([3])
    #expect(try files.read(directory.file("file")) == [1, 2, 3])
  }
  #endif

  @Test func `a pipe is written to and read from, and stays one`() throws {
    let path = directory.file("fifo")
    try #require(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try files.checkWritable(path)
    try files.replace(path, with: [7])
    var byte: UInt8 = 0
    #expect(read(reader, &byte, 1) == 1 && byte == 7)
    #expect(try status("fifo").kind == .pipe)
  }

  @Test func `a request to stop ends the wait for the other end of a pipe`() throws {
    let path = directory.file("fifo")
    try #require(mkfifo(path, 0o600) == 0)
    var stopped = files
    stopped.interruption = Interruption()
    stopped.interruption?.request()
    #expect(throws: FileSystemError(operation: "read", path: path, reason: .interrupted)) {
      try stopped.read(path)
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .interrupted)) {
      try stopped.replace(path, with: [1])
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .interrupted)) {
      try GrowingFile(path, files: stopped)
    }
  }

  // MARK: - What a file keeps

  @Test func `the mode of a file stays, whatever the process's own mask is`() throws {
    for mode in [0o666, 0o640, 0o600, 0o777] as [mode_t] {
      let path = try directory.write("a.bin", [1])
      try #require(chmod(path, mode) == 0)
      try files.replace(path, with: [2])
      #expect(try status("a.bin").mode == mode)
    }
  }

  @Test func `the owner of a file stays`() throws {
    let path = try directory.write("a.bin", [1])
    // Only root can give a file away; for everybody else it is their own.
    _ = chown(path, 12345, 12345)
    let before = try status("a.bin")
    try files.replace(path, with: [2])
    #expect(try status("a.bin").owner == before.owner && status("a.bin").group == before.group)
    #expect(try files.read(path) == [2])
  }

  @Test func `a second name of a file stays one`() throws {
    let path = try directory.write("a.bin", [1, 2, 3])
    try #require(link(path, directory.file("b.bin")) == 0)
    try files.replace(path, with: [4])
    #expect(try files.read(directory.file("b.bin")) == [4])
    #expect(directory.names == ["a.bin", "b.bin"])
  }

  @Test(arguments: [EBUSY, EXDEV]) func `a file that something is mounted on is written over`(number: Int32) throws {
    let path = try directory.write("a.bin", [1, 2, 3])
    var mounted = files
    mounted.calls.rename = { _, _ in
      errno = number
      return -1
    }
    try mounted.replace(path, with: [4])
    #expect(try files.read(path) == [4])
    #expect(directory.names == ["a.bin"])
  }

  @Test func `a write over a file that fails says that the content is lost`() throws {
    let path = try directory.write("a.bin", [1, 2, 3])
    try #require(link(path, directory.file("b.bin")) == 0)
    var full = files
    full.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    #expect(
      throws: FileSystemError(
        operation: "write", path: path, reason: .system(ENOSPC), earlierContent: .overwritten)
    ) {
      try full.replace(path, with: [4])
    }
  }

  @Test func `a recording on a full disk says what has become of the file`() throws {
    var full = files
    full.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    let old = try GrowingFile(try directory.write("old", [1]), files: full)
    #expect(throws: FileSystemError.self) { try old.append([2]) }
    #expect(old.failure?.earlierContent == .overwritten)
    #expect(old.failure?.report.evidence == ["what the file held before is lost"])
    let new = try GrowingFile(directory.file("new"), files: full)
    #expect(throws: FileSystemError.self) { try new.append([2]) }
    #expect(new.failure?.report.evidence == [])
  }

  // MARK: - What killed runs leave

  @Test func `the temporary file of a killed run goes with the next write beside it, and nothing else`() throws {
    for name in [".stflash-12-34", ".stflash-mine", ".stflash-1-2-3"] {
      try directory.write(name, [1])
      var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
      try #require(utimes(directory.file(name), &times) == 0)
    }
    let held = open(try directory.write(".stflash-56-78", [1]), O_RDONLY)
    defer { close(held) }
    try #require(flock(held, LOCK_EX) == 0)
    var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
    try #require(utimes(directory.file(".stflash-56-78"), &times) == 0)
    try files.replace(directory.file("a.bin"), with: [2])
    #expect(directory.names == [".stflash-1-2-3", ".stflash-56-78", ".stflash-mine", "a.bin"])
  }

  // MARK: - Closed descriptors

  @Test(.enabled(if: FileStatus("/dev/null") != nil))
  func `closed standard streams are taken, so that no file gets their numbers`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      for descriptor in 0...2 as ClosedRange<Int32> { close(descriptor) }
      StandardStreams.occupy()
      let file = open("/dev/null", O_RDWR)
      var byte: UInt8 = 0
      // They fail as closed ones do.
      let isUnusable =
        read(0, &byte, 1) == -1 && errno == EBADF && write(1, &byte, 1) == -1 && errno == EBADF
        && write(2, &byte, 1) == -1
      exit(file > 2 && isUnusable ? 42 : 1)
    }
  }
}
