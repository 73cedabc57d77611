import Glibc
import LinkInterface
import Sockets
import Testing

@testable import LinkServer

@Suite struct `A started program` {
  /// How a script that leaves a grandchild behind goes on.
  enum Ending: CaseIterable {
    /// It waits, and is stopped.
    case stopped
    /// It ends before its child does, which then is nobody's.
    case ended
    /// Who has started it goes without a word, as a killed process does.
    case abandoned
  }

  @Test(.timeLimit(.minutes(1)), arguments: Ending.allCases)
  func `leaves nothing that it has started`(ending: Ending) throws {
    // A shell with a grandchild that no hangup ends; the grandchild's number is what it writes.
    var template = Array("/tmp/stflash-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
      close(descriptor)
      unlink(path)
    }
    let script = "nohup setsid sleep 600 >/dev/null 2>&1 & echo $! > \(path)" + (ending == .ended ? "" : "; wait")
    var tool: ToolProcess? = try ToolProcess(["/bin/sh", "-c", script], environment: [:])
    let grandchild = try #require(number(in: descriptor))
    switch ending {
    case .stopped:
      tool?.stop(byForce: true)
      for _ in 0..<500 where tool?.poll() == nil { usleep(10_000) }
      // The shell may have ended by itself, its child being dead, before its own turn came.
      #expect(tool?.poll() != nil)
    case .ended:
      let loop = EventLoop(interruption: Interruption())
      #expect(tool?.wait(serving: loop, interruption: Interruption()) == .exited(code: 0))
    case .abandoned:
      let process = try #require(tool).processID
      tool = nil
      // A killed process leaves its children to init, which buries them. Here it must be done: an exit test that waits
      // for any child of this process would find this one for ever.
      var status: Int32 = 0
      #expect(waitpid(process, &status, 0) == process)
    }
    // Its new parent may take a moment to bury it: a zombie's state is Z.
    var isOver = false
    for _ in 0..<1000 where !isOver {
      isOver = kill(grandchild, 0) != 0 || state(of: grandchild) == "Z"
      usleep(10_000)
    }
    #expect(isOver)
  }

  /// The number that a script writes into a file.
  private func number(in descriptor: Int32) -> pid_t? {
    for _ in 0..<500 {
      var text = [UInt8](repeating: 0, count: 32)
      let count = pread(descriptor, &text, text.count, 0)
      if count > 1 { return pid_t(String(decoding: text[..<(count - 1)], as: UTF8.self)) }
      usleep(10_000)
    }
    return nil
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
    let lock = "\(name)/.lock"
    close(open(lock, O_CREAT | O_RDWR, 0o600))
    let early = try FileTree(longestName: 0)
    #expect(access(name, F_OK) == 0, "one that was made just now may not be locked yet")
    let before = timeval(tv_sec: time(nil) - 10, tv_usec: 0)
    try #require(utimes(lock, [before, before]) == 0)
    let next = try FileTree(longestName: 0)
    #expect(access(name, F_OK) != 0)
    _ = (early, next)
  }
}
