import Glibc
import Testing

@testable import LinkServer

@Suite struct `A started program` {
  @Test func `is stopped with all that it has started`() throws {
    // A shell that waits for a grandchild; the grandchild's number is what it writes.
    var template = Array("/tmp/stflash-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
      close(descriptor)
      unlink(path)
    }
    let tool = try ToolProcess(["/bin/sh", "-c", "sleep 600 & echo $! > \(path); wait"], environment: [:])
    var grandchild: pid_t?
    for _ in 0..<500 where grandchild == nil {
      usleep(10_000)
      var text = [UInt8](repeating: 0, count: 32)
      let count = pread(descriptor, &text, text.count, 0)
      grandchild = count > 1 ? pid_t(String(decoding: text[..<(count - 1)], as: UTF8.self)) : nil
    }
    let process = try #require(grandchild)
    tool.stop(byForce: true)
    for _ in 0..<500 where tool.poll() == nil { usleep(10_000) }
    // The shell may have ended by itself, its child being dead, before its own turn came.
    #expect(tool.poll() != nil)
    // Its new parent may take a moment to bury it: a zombie's state is Z.
    var isOver = false
    for _ in 0..<500 where !isOver {
      usleep(10_000)
      isOver = kill(process, 0) != 0 || state(of: process) == "Z"
    }
    #expect(isOver)
  }

  private func state(of process: pid_t) -> Character? {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 256)
    let count = fread(&text, 1, text.count, file)
    return String(decoding: text[..<count], as: UTF8.self).split(separator: ")").last?.dropFirst().first
  }

  @Test func `of a killed run leaves no folder for long`() throws {
    var name = ""
    do {
      let tree = try FileTree(longestName: 0)
      name = tree.root
      let second = try FileTree(longestName: 0)
      #expect(access(name, F_OK) == 0, "a folder in use stays")
      _ = second
    }
    #expect(access(name, F_OK) != 0)
    // As a killed run leaves it: the folder and its lock file, which nobody holds.
    try #require(mkdir(name, 0o700) == 0)
    close(open("\(name)/.lock", O_CREAT | O_RDWR, 0o600))
    let next = try FileTree(longestName: 0)
    #expect(access(name, F_OK) != 0)
    _ = next
  }
}
