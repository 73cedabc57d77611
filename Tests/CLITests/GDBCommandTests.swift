import Foundation
import Sockets
import TestSupport
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

private func shut(_ descriptor: Int32) { _ = close(descriptor) }

/// `gdb` as a user starts it, with a GDB of ours that connects to it.
struct GDBCommandTests {
  /// A port that is free now.
  private func freePort() throws -> UInt16 { try Socket.listening(address: "127.0.0.1", port: 0).localPort }

  /// Runs a server in a thread of its own, lets the body talk to it, and hands out what the command has printed.
  private func serve(
    _ line: String, _ port: UInt16, _ body: (Talk) throws -> Void
  ) throws -> CommandLineBench.Outcome {
    nonisolated(unsafe) let desk = SimulatedDesk()
    nonisolated(unsafe) var outcome: CommandLineBench.Outcome?
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      outcome = desk.run("\(line) --port \(port)")
      done.signal()
    }
    let talk = try Talk(port)
    try body(talk)
    talk.close()
    #expect(done.wait(timeout: .now() + 120) == .success, "the server ends when GDB has gone")
    return try #require(outcome)
  }

  /// A connection to the server.
  private final class Talk {
    private var descriptor: Int32 = -1
    private var received: [UInt8] = []

    /// Connects as soon as somebody listens.
    init(_ port: UInt16) throws {
      for _ in 0..<600 {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &name) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        if result == 0 { return }
        close()
        usleep(100_000)
      }
      throw CancellationError()
    }

    /// May be called twice.
    func close() {
      if descriptor >= 0 { shut(descriptor) }
      descriptor = -1
    }

    func ask(_ payload: String) throws -> String {
      let sum = payload.utf8.reduce(UInt8(0)) { $0 &+ $1 }
      let text = "$\(payload)#\(String(format: "%02x", sum))"
      _ = text.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      while true {
        if let start = received.firstIndex(of: UInt8(ascii: "$")),
          let end = received[start...].firstIndex(of: UInt8(ascii: "#")), end + 2 < received.count
        {
          let answer = String(decoding: received[(start + 1)..<end], as: UTF8.self)
          received.removeFirst(end + 3)
          return answer
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { throw CancellationError() }
        received += bytes.prefix(count)
      }
    }
  }

  @Test
  func `a program is written, stands at its reset vector, and GDB is answered`() throws {
    let port = try freePort()
    let firmware = SimulatedDesk.fixture("firmware/voices.elf")
    let outcome = try serve("--sim nucleo-f446re gdb \(firmware) --once", port) { (gdb: Talk) throws in
      #expect(try gdb.ask("?") == "T02thread:1;")
      #expect(try gdb.ask("m8000000,4") == "00800020")
      #expect(try gdb.ask("D") == "OK")
    }
    #expect(outcome.status == .success)
    #expect(outcome.output.contains("listening for GDB at 127.0.0.1:\(port): target extended-remote :\(port)\n"))
    #expect(outcome.error == "" || !outcome.error.contains("error"))
  }

  @Test
  func `the server ends when GDB says so, and a GDB that goes without a word is a detach`() throws {
    let port = try freePort()
    let outcome = try serve("--sim nucleo-f446re gdb", port) { (first: Talk) throws in
      #expect(try first.ask("?") == "T02thread:1;")
      first.close()
      let second = try Talk(port)
      // The first may not have been noticed to be gone.
      usleep(300_000)
      defer { second.close() }
      let answer = try? second.ask("?")
      guard answer == nil else { return #expect(try second.ask("qRcmd,73687574646f776e").hasPrefix("O")) }
      let third = try Talk(port)
      defer { third.close() }
      #expect(try third.ask("?") == "T02thread:1;")
      #expect(try third.ask("qRcmd,73687574646f776e").hasPrefix("O"))
    }
    #expect(outcome.status == .success)
  }

  @Test
  func `--json tells where GDB connects`() throws {
    let port = try freePort()
    let outcome = try serve("--sim nucleo-f446re --json gdb --once", port) { (gdb: Talk) throws in
      #expect(try gdb.ask("?") == "T02thread:1;")
    }
    #expect(
      outcome.output.contains(
        #""event":"serving","address":"127.0.0.1","port":\#(port),"protocol":"gdb""#), "\(outcome.output)")
    #expect(outcome.output.contains(#""event":"debugged""#))
  }

  @Test
  func `a port that is taken is told, and the usual one gives way to the next`() throws {
    let taken = try Socket.listening(address: "127.0.0.1", port: 0)
    let outcome = SimulatedDesk().run("--sim nucleo-f446re gdb --port \(taken.localPort)")
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains("cannot listen on 127.0.0.1:\(taken.localPort)"))
  }

  @Test(
    arguments: [
      ([], ["--port", "4242", "--as-st-util", "--once", "--no-semihosting"]),
      (["-p", "50000", "-v"], ["--port", "50000", "--as-st-util", "--once", "--no-semihosting", "--verbose"]),
      (["-m", "--semihosting"], ["--port", "4242", "--as-st-util"]),
      (
        ["--listen_port=1234", "-m", "--semihosting", "--hot-plug", "--freq=1800", "--serial", "066"],
        ["--port", "1234", "--as-st-util", "--hot-plug", "--freq", "1800k", "--serial", "066"]
      ),
      (
        ["-m", "-u", "-v99", "--semihosting"], ["--port", "4242", "--as-st-util", "--verbose", "--connect-under-reset"]
      ),
    ] as [([String], [String])])
  func `called st-util it takes st-util's command line`(theirs: [String], ours: [String]) throws {
    let frontEnd = try #require(FrontEnd(program: "/usr/local/bin/st-util"))
    #expect(try frontEnd.translated(theirs) == ["gdb"] + ours)
  }

  @Test
  func `under its own name nothing is translated, and what st-util does not know is refused`() throws {
    #expect(FrontEnd(program: "/usr/bin/stflash") == nil)
    let frontEnd = try #require(FrontEnd(program: "st-util"))
    #expect(throws: FrontEnd.Refusal(text: "st-util: unknown option '--nonsense'")) {
      try frontEnd.translated(["--nonsense"])
    }
    #expect(throws: FrontEnd.Refusal.self) { try frontEnd.translated(["-p"]) }
  }
}
