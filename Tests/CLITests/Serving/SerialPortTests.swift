import Foundation
import LinkInterface
import Synchronization
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `--sim-tty`: what other programs send to a simulated chip's serial ports, and what it answers.
@Suite struct SerialPortTests {
  private let desk = SimulatedDesk()

  /// Writes to a terminal as soon as the firmware has sent its prompt, and reads until an answer has come; a minute is for busy machines.
  private static func talk(_ path: String, _ text: String, until answer: String) -> String {
    let end = ContinuousClock.now + .seconds(60)
    var descriptor: Int32 = -1
    while descriptor < 0, .now < end { descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK) }
    defer { close(descriptor) }
    var sent = 0
    var received: [UInt8] = []
    while .now < end, !String(decoding: received, as: UTF8.self).contains(answer) {
      usleep(2_000)
      let bytes = received.isEmpty ? [] : Array(text.utf8.dropFirst(sent))
      sent += max(0, write(descriptor, bytes, bytes.count))
      var chunk = [UInt8](repeating: 0, count: 100)
      let count = read(descriptor, &chunk, chunk.count)
      received += chunk.prefix(max(0, count))
    }
    return String(decoding: received, as: UTF8.self)
  }

  @Test(arguments: ["", "COM=", "usart2="])
  func `a firmware answers at the pseudo-terminal`(port: String) throws {
    try desk.directory.write("echo.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/echo.bin")))
    let path = desk.directory.path + "/tty"
    let interruption = Interruption()
    var listening = desk
    listening.bench.interruption = interruption
    let answer = Mutex("")
    // A thread of its own: the tests' own threads all wait for commands like this one.
    Thread.detachNewThread {
      let heard = Self.talk(path, "hello, world", until: "HELLO, WORLD")
      answer.withLock { $0 = heard }
      interruption.request()
    }
    let outcome = listening.run("--sim nucleo-f446re --sim-tty \(port)@tty --sim-run 60s write @echo.bin 0x08000000")
    #expect(outcome.status == .success, "\(outcome.error)")
    #expect(answer.withLock { $0 }.hasSuffix("HELLO, WORLD"))
    #expect(outcome.output.contains("serial  \(port.hasPrefix("u") ? "USART2" : "COM port") at @tty"))
    #expect(access(path, F_OK) != 0)
  }

  @Test func `ports that are not there are refused by those that are`() {
    let noPort = desk.run("--sim nucleo-f446re --sim-tty UART9=@tty info")
    #expect(noPort.status == .usage)
    #expect(noPort.error.contains("USART6"), "\(noPort.error)")
    let noCOM = desk.run("--sim stm32f407vg --sim-tty @tty info")
    #expect(noCOM.status == .usage)
    #expect(noCOM.error.contains("--sim-tty USART1="), "\(noCOM.error)")
    #expect(desk.run("--sim nucleo-f446re --sim-probe v2 --sim-tty @tty info").status == .usage)
    #expect(desk.run("--sim-tty @tty info").status == .usage)
    #expect(desk.run("--sim nucleo-f446re --sim nucleo-f429zi --sim-tty @tty sim serve --tcp 0").status == .usage)
    #expect(desk.run("--sim nucleo-f446re --sim-tty - sim run -- true").status == .usage)
    #expect(desk.run("--sim nucleo-f446re --sim-tty USART2= info").status == .usage)
  }

  @Test func `characters are shown when they are whole`() {
    let text = Array("é€😀".utf8)
    let ends = (0...text.count).map { StandardTerminal.endOfWholeCharacters(Array(text[..<$0])) }
    #expect(ends == [0, 0, 2, 2, 2, 5, 5, 5, 5, 9])
    #expect(StandardTerminal.endOfWholeCharacters([0x80, 0x80, 0x80, 0x80]) == 4)
  }
}
