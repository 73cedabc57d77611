import Basics
package import Engine
import Failures

/// One GDB's conversation with a debugger, in GDB's remote protocol; bytes in, bytes out, over whatever line.
///
/// Whoever owns it hands over what comes in by `receive`, sends what `send` is called with, and calls `poll` again and again
/// while the program runs. A connection that ends, however, is told by `end`.
package final class GDBServer {
  /// What is offered as the longest packet, in bytes; OpenOCD and st-util offer as much.
  static let packetLimit = 0x4000

  /// What a user should see beside GDB.
  package enum LogEntry: Sendable, Equatable {
    /// Something has been done.
    case work(String)
    /// Something has failed: older versions of GDB do not show why.
    case failure(String)
  }

  /// What an answer comes to.
  enum Answer {
    /// A packet.
    case text(String)
    case bytes([UInt8])
    /// `OK`.
    case done
    /// An error: its number is all that older GDBs read.
    case failure(String)
    /// The empty packet: GDB does without.
    case unknown
    /// Nothing yet, or nothing at all.
    case none
  }

  let debugger: Debugger
  let session: TargetSession
  let log: (LogEntry) -> Void
  private let send: ([UInt8]) -> Void
  private var reader = PacketReader(limit: GDBServer.packetLimit)
  private var acknowledges = true
  /// Acknowledgements come with the next packet: `QStartNoAckMode`'s own answer is still acknowledged.
  private var lastPacket: [UInt8] = []

  /// Whether the conversation is over: GDB has detached, or has been told to go.
  package internal(set) var hasEnded = false
  /// Whether whoever asked wants the server itself to end.
  package internal(set) var shallShutDown = false
  /// Whether GDB waits for the program to stop, so that text may be sent.
  var awaitsStop = false
  /// Whether a `monitor` command is being carried out, so that text may be sent.
  var isCommanding = false
  /// Text that has to wait until it may be sent.
  var heldText: [String] = []
  /// Whether GDB reads errors as text.
  var readsErrorTexts = false
  var isExtended = false
  var load = FlashLoad()
  /// The source line that GDB goes through, as far as it has shown it.
  var line = SteppedLine()
  /// A call that GDB carries out for the program.
  var fileCall: FileCall?
  /// Whether the next step only has GDB ask for the registers anew.
  var nextStepIsIdle = false
  /// Whether GDB has been told of a stop of which nothing is left, so that its `?` needs the core halted.
  var isAttached = false

  /// Makes a conversation with a GDB that has just connected.
  ///
  /// - Parameters:
  ///   - send: sends bytes to GDB.
  ///   - log: is told what a user should see beside GDB.
  package init(
    _ debugger: Debugger, _ session: TargetSession, send: @escaping ([UInt8]) -> Void, log: @escaping (LogEntry) -> Void
  ) {
    self.debugger = debugger
    self.session = session
    self.send = send
    self.log = log
  }

  /// Whether the program runs and `poll` has to be called.
  package var isRunning: Bool { debugger.isRunning }

  // MARK: What comes in

  /// Takes bytes from GDB, and answers what they complete.
  ///
  /// - Throws: `SessionError` when the link to the chip is gone; nothing can be debugged then.
  package func receive(_ bytes: [UInt8]) throws(SessionError) {
    for byte in bytes {
      guard !hasEnded, let item = reader.take(byte) else { continue }
      switch item {
      case .packet(let payload):
        if acknowledges { send([UInt8(ascii: "+")]) }
        try answer(payload)
      case .damaged: if acknowledges { send([UInt8(ascii: "-")]) }
      case .acknowledged: break
      // Without acknowledgements GDB says so after waiting for long, and the answer is under way.
      case .refused: if acknowledges { send(lastPacket) }
      case .interrupt: try interrupt()
      }
    }
  }

  private func answer(_ payload: [UInt8]) throws(SessionError) {
    let answer: Answer
    do throws(SessionError) {
      answer = try self.answer(to: payload)
    } catch {
      guard error.isOfTheTarget else {
        tell("the probe does not work any more: \(error.report.summary)")
        if awaitsStop { packet("X1d") } else { packet("E01") }
        throw error
      }
      packet(self.text(of: error))
      return
    }
    switch answer {
    case .text(let text): packet(text)
    case .bytes(let bytes): packet(bytes)
    case .done: packet("OK")
    case .failure(let text): packet(errorPacket(text))
    case .unknown: packet("")
    case .none: break
    }
    if acknowledges, payload.starts(with: Array("QStartNoAckMode".utf8)) { acknowledges = false }
  }

  /// The error as GDB may read it; the log has it whole.
  private func text(of error: SessionError) -> String { errorPacket(error.report.summary) }

  func errorPacket(_ text: String) -> String {
    log(.failure(text))
    // Before GDB said that it reads texts, one would be taken for digits.
    return readsErrorTexts ? "E.\(text)" : "E01"
  }

  // MARK: What goes out

  func packet(_ text: String) { packet(Array(text.utf8)) }

  func packet(_ payload: [UInt8]) {
    lastPacket = RemotePacket.framed(payload)
    send(lastPacket)
  }

  /// Shows text in GDB's console, at once where that may be, else as soon as it may.
  func tell(_ text: String) { console(Array("stflash: \(text)\n".utf8)) }

  /// Shows bytes in GDB's console.
  func console(_ bytes: [UInt8]) {
    guard awaitsStop || isCommanding else {
      heldText.append(String(decoding: bytes, as: UTF8.self))
      return
    }
    sendHeldText()
    sendConsole(bytes)
  }

  func sendHeldText() {
    let texts = heldText
    heldText = []
    for text in texts { sendConsole(Array(text.utf8)) }
  }

  private func sendConsole(_ bytes: [UInt8]) {
    // Two digits a byte, well below the limit.
    for start in stride(from: 0, to: bytes.count, by: 1024) {
      packet([UInt8(ascii: "O")] + RemotePacket.hex(of: bytes[start..<min(start + 1024, bytes.count)]))
    }
  }

  /// Is told what the program says and what happens to it.
  package func tell(_ event: DebuggerEvent) {
    switch event {
    case .output(let output): console(output.bytes)
    case .note(let text): tell(text)
    }
  }

  // MARK: The program

  /// Looks after a program that runs, and tells GDB when it has stopped.
  ///
  /// - Throws: `SessionError` when the link to the chip is gone.
  package func poll() throws(SessionError) {
    guard debugger.isRunning else { return }
    let reason: StopReason?
    do throws(DebugError) {
      reason = try debugger.poll()
    } catch {
      tell("the probe does not work any more: \(error.report.summary)")
      if awaitsStop { packet("X1d") }
      awaitsStop = false
      throw .access(error)
    }
    if let reason { try tellStop(reason) }
  }

  private func interrupt() throws(SessionError) {
    guard debugger.isRunning else { return }
    do throws(DebugError) {
      try debugger.interrupt()
    } catch {
      guard error.canGoOn else { throw .access(error) }
      tell("the core does not stop: \(error.report.summary)")
    }
    try poll()
  }

  /// The connection has ended: the chip is left to itself, without anything of the debugger's.
  package func end() {
    hasEnded = true
    awaitsStop = false
    do throws(SessionError) {
      try debugger.detach()
    } catch {
      log(.failure("the chip could not be left as it should be: \(error.report.summary)"))
    }
  }
}

extension SessionError {
  /// Whether the probe works, so that the conversation can go on.
  var isOfTheTarget: Bool {
    switch self {
    case .access(let error):
      switch error {
      case .transport, .serial, .pin, .malformedReply, .replyLost, .interrupted: false
      default: true
      }
    case .notOpen: false
    default: true
    }
  }
}
