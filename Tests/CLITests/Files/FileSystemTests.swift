import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct FileSystemTests {
  private let directory = TemporaryDirectory()
  private let files = FileSystem()

  @Test func `what is written is read back`() throws {
    let path = directory.file("a.bin")
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    try files.replace(path, with: bytes)
    #expect(try files.read(path) == bytes)
    try files.replace(path, with: [1])
    #expect(try files.read(path) == [1])
    #expect(directory.names == ["a.bin"])
  }

  @Test func `a full disk leaves the old content and nothing else`() throws {
    let path = try directory.write("a.bin", [1, 2, 3])
    var full = files
    full.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    #expect(
      throws: FileSystemError(operation: "write", path: path, reason: .system(ENOSPC), earlierContent: .untouched)
    ) {
      try full.replace(path, with: [4])
    }
    #expect(try files.read(path) == [1, 2, 3])
    #expect(directory.names == ["a.bin"])
  }

  @Test func `a disk that fails when it is flushed leaves the old content and nothing else`() throws {
    let path = try directory.write("a.bin", [1, 2, 3])
    var broken = files
    broken.calls.synchronize = { _ in
      errno = EIO
      return -1
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(EIO), earlierContent: .untouched)) {
      try broken.replace(path, with: [4])
    }
    var unnamed = files
    unnamed.calls.rename = { _, _ in
      errno = EIO
      return -1
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(EIO), earlierContent: .untouched)) {
      try unnamed.replace(path, with: [4])
    }
    #expect(try files.read(path) == [1, 2, 3])
    #expect(directory.names == ["a.bin"])
  }

  @Test func `short writes and interrupted ones are carried on`() throws {
    let path = directory.file("a.bin")
    var slow = files
    slow.calls.write = { descriptor, bytes in
      if bytes.count.isMultiple(of: 2) && bytes.count > 1 {
        errno = EINTR
        _ = write(descriptor, bytes.baseAddress, 0)
      }
      return write(descriptor, bytes.baseAddress, 1)
    }
    try slow.replace(path, with: Array(0..<100))
    #expect(try files.read(path) == Array(0..<100))
  }

  @Test func `a missing directory is an error before and at writing`() {
    let path = directory.file("none/a.bin")
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(ENOENT))) {
      try files.checkWritable(path)
    }
    #expect(throws: FileSystemError(operation: "write", path: path, reason: .system(ENOENT))) {
      try files.replace(path, with: [])
    }
  }

  @Test func `a directory is no file`() {
    #expect(throws: FileSystemError(operation: "read", path: directory.path, reason: .isDirectory)) {
      try files.read(directory.path)
    }
    #expect(throws: FileSystemError(operation: "write", path: directory.path, reason: .isDirectory)) {
      try files.replace(directory.path, with: [])
    }
    #expect(throws: FileSystemError(operation: "write", path: directory.path, reason: .isDirectory)) {
      try files.checkWritable(directory.path)
    }
  }

  @Test func `a symbolic link is followed and stays one`() throws {
    let path = try directory.write("a.bin", [1])
    let link = directory.file("link")
    try #require(symlink(path, link) == 0)
    try files.replace(link, with: [2])
    #expect(try files.read(path) == [2])
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `a device is written to and not replaced`() throws {
    try files.checkWritable("/dev/null")
    try files.replace("/dev/null", with: [1, 2, 3])
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func `the mode of a file stays`() throws {
    let path = try directory.write("a.bin", [1])
    try #require(chmod(path, 0o640) == 0)
    try files.replace(path, with: [2])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func `an endless file is not read for ever`() {
    #expect(throws: FileSystemError(operation: "read", path: "/dev/zero", reason: .tooLarge(limit: 4096))) {
      try FileSystem(readLimit: 4096).read("/dev/zero")
    }
  }

  @Test func `the parts of a path are told apart`() {
    #expect(FileSystem.directory(of: "a.bin") == ".")
    #expect(FileSystem.directory(of: "/a.bin") == "/")
    #expect(FileSystem.directory(of: "x/y/a.bin") == "x/y")
    #expect(FileSystem.name(of: "x/y/a.bin") == "a.bin")
    #expect(FileSystem.name(of: "a.bin") == "a.bin")
    #expect(FileSystem.name(of: "/dev/fd/63") == "/dev/fd/63")
  }
}
