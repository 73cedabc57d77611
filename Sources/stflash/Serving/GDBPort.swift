import DebugServer
import Engine
import Failures
import Sockets

/// Where GDB connects: a TCP port for one connection after another, or standard input and output for one.
final class GDBPort: EventSource {
  private let listener: Socket?
  private let makeServer: (@escaping ([UInt8]) -> Void) -> GDBServer
  private let told: (Event) -> Void
  private let isOnce: Bool
  private var connection: (line: any ByteLine, server: GDBServer)?
  private var isBroken = false

  /// Whether nobody will connect any more.
  private(set) var isDone = false
  /// Why the chip cannot be debugged any more; nil while it can.
  private(set) var failure: SessionError?

  /// Something that a user wants to see.
  enum Event {
    case connected
    case refused
    case disconnected
  }

  /// Serves whoever connects to a socket.
  ///
  /// - Parameters:
  ///   - isOnce: whether the first connection is the only one.
  ///   - makeServer: makes a conversation, which sends by what it is given.
  init(
    _ listener: Socket, isOnce: Bool, makeServer: @escaping (@escaping ([UInt8]) -> Void) -> GDBServer,
    told: @escaping (Event) -> Void
  ) {
    self.listener = listener
    self.isOnce = isOnce
    self.makeServer = makeServer
    self.told = told
  }

  /// Serves one conversation over a line that is there already.
  init(_ line: any ByteLine, makeServer: @escaping (@escaping ([UInt8]) -> Void) -> GDBServer) {
    listener = nil
    isOnce = true
    self.makeServer = makeServer
    told = { _ in }
    begin(line)
  }

  var interests: [Int32: PollEvents] {
    var interests: [Int32: PollEvents] = [:]
    if let listener, !isDone { interests[listener.descriptor] = .readable }
    if let connection { interests[connection.line.descriptor] = .readable }
    return interests
  }

  /// A program that runs is looked after at once; looking waits for itself where nothing happens.
  var patience: Duration? { connection?.server.isRunning ?? false ? .zero : nil }

  func handle(_ events: PollEvents, on descriptor: Int32) {
    if let listener, descriptor == listener.descriptor { return accept(listener) }
    guard let connection, connection.line.descriptor == descriptor else { return }
    guard let bytes = connection.line.receive() else { return end() }
    attempt { () throws(SessionError) in try connection.server.receive(bytes) }
  }

  func elapse() {
    guard let connection else { return }
    if connection.server.isRunning { attempt { () throws(SessionError) in try connection.server.poll() } }
    if isBroken || connection.server.hasEnded { end() }
  }

  /// Ends the conversation if there is one, and leaves the chip without anything of a debugger's.
  func close() {
    if connection != nil { end() }
    isDone = true
  }

  private func attempt(_ body: () throws(SessionError) -> Void) {
    do throws(SessionError) {
      try body()
    } catch {
      failure = error
      end()
      isDone = true
    }
  }

  private func accept(_ listener: Socket) {
    while let socket = listener.accept() {
      // One GDB at a time: two would tell the core different things.
      guard connection == nil, !isDone else {
        told(.refused)
        continue
      }
      socket.sendAtOnce()
      socket.noticeVanishing()
      told(.connected)
      begin(SocketLine(socket))
    }
  }

  private func begin(_ line: any ByteLine) {
    isBroken = false
    let server = makeServer { [weak self] bytes in
      if !line.send(bytes) { self?.isBroken = true }
    }
    connection = (line, server)
  }

  private func end() {
    guard let server = connection?.server else { return }
    server.end()
    connection = nil
    told(.disconnected)
    if isOnce || server.shallShutDown { isDone = true }
  }
}
