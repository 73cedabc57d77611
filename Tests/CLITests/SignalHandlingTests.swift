import Foundation
import LinkInterface
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct SignalHandlingTests {
  @Test func `the first signal asks to stop and the process goes on`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      deliver(SIGINT)
      exit(SignalHandling.interruption.isRequested ? 42 : 1)
    }
  }

  @Test func `SIGTERM and SIGHUP do the same`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      deliver(SIGTERM)
      exit(SignalHandling.interruption.isRequested ? 42 : 1)
    }
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      deliver(SIGHUP)
      exit(SignalHandling.interruption.isRequested ? 42 : 1)
    }
  }

  @Test func `the second signal ends the process at once, with a warning`() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(stflash.ExitStatus.interrupted.rawValue), observing: [\.standardErrorContent]
    ) {
      SignalHandling.install()
      deliver(SIGINT)
      usleep(300_000)
      deliver(SIGTERM)
      exit(1)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("stflash: stopping at the next safe point"))
    #expect(text.contains("stflash: ended at once"))
  }

  /// A signal ends poll(2) with an error of its own, which is neither the other end's coming nor its going.
  @Test func `the first signal ends the wait for who writes into a pipe`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      let path = "/tmp/stflash-test-fifo-\(getpid())"
      guard mkfifo(path, 0o600) == 0 else { exit(1) }
      defer { unlink(path) }
      deliverSoon(SIGINT)
      var files = FileSystem()
      files.interruption = SignalHandling.interruption
      do throws(FileSystemError) {
        _ = try files.read(path)
        exit(2)
      } catch {
        unlink(path)
        exit(error.reason == .interrupted ? 42 : 3)
      }
    }
  }

  @Test func `the first signal ends the wait for who reads what is printed`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { exit(1) }
      deliverSoon(SIGINT)
      let sink = DescriptorSink(descriptor: ends[1], interruption: SignalHandling.interruption)
      sink.write(String(repeating: "x", count: 1_000_000))
      exit(sink.failure == EINTR ? 42 : 2)
    }
  }

  @Test func `two signals that come together are one request`() async throws {
    let result = await #expect(processExitsWith: .exitCode(42), observing: [\.standardErrorContent]) {
      SignalHandling.install()
      errno = 7
      deliver(SIGTERM)
      let number = errno
      deliver(SIGTERM)
      exit(SignalHandling.interruption.isRequested && number == 7 ? 42 : 1)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("stopping at the next safe point") && !text.contains("ended at once:"))
  }

  @Test func `a signal ends at once what holds neither probe nor chip`() async {
    await #expect(processExitsWith: .exitCode(stflash.ExitStatus.interrupted.rawValue)) {
      SignalHandling.install()
      SignalHandling.endAtOnce()
      deliver(SIGINT)
      exit(1)
    }
  }

  @Test func `a server is ended by a signal without a warning, and by a second one at once`() async throws {
    let first = await #expect(processExitsWith: .exitCode(42), observing: [\.standardErrorContent]) {
      SignalHandling.install()
      SignalHandling.beginServing()
      deliver(SIGINT)
      exit(SignalHandling.interruption.isRequested ? 42 : 1)
    }
    let said = String(decoding: try #require(first).standardErrorContent, as: UTF8.self)
    #expect(!said.contains("stopping at the next safe point"))
    let second = await #expect(
      processExitsWith: .exitCode(stflash.ExitStatus.interrupted.rawValue), observing: [\.standardErrorContent]
    ) {
      SignalHandling.install()
      SignalHandling.beginServing()
      deliver(SIGINT)
      usleep(300_000)
      deliver(SIGTERM)
      exit(1)
    }
    let text = String(decoding: try #require(second).standardErrorContent, as: UTF8.self)
    #expect(text.contains("what the simulated chips hold was not saved"))
    #expect(!text.contains("flash controller"))
  }

  @Test func `a closed pipe is no signal`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      SignalHandling.install()
      deliver(SIGPIPE)
      exit(42)
    }
  }
}

/// Sends a signal to this thread when it has begun to wait for something.
private func deliverSoon(_ signal: Int32) {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, signal)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  let thread = pthread_self()
  Thread.detachNewThread {
    usleep(200_000)
    pthread_kill(thread, signal)
  }
}

/// Sends a signal to this thread; the process of an exit test begins with signals blocked.
private func deliver(_ signal: Int32) {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, signal)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  raise(signal)
}
