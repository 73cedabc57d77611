import DebugServer
import Engine
import Failures
import Sockets

/// Serves GDB on a session: takes the core, listens, and gives the core back in the end.
struct DebugServing {
  private let options: DebuggingOptions
  private let firmware: FirmwareImage?
  private let context: CommandContext
  private let files: SemihostedFiles
  private let symbols: ProgramSymbols?
  /// The port that GDB's users know from OpenOCD, and how many behind it are tried where it is taken.
  private static let usualPort: UInt16 = 3333
  private static let portCount: UInt16 = 16

  /// Opens what the options name, so that what is wrong with it is told before a chip is touched.
  init(
    _ options: DebuggingOptions, file: String?, firmware: FirmwareImage?, in context: CommandContext
  ) throws(CommandFailure) {
    self.options = options
    self.firmware = firmware
    self.context = context
    files = try reporting { () throws(FileSystemError) in
      try SemihostedFiles(
        below: options.semihostingDir, mayWrite: true, time: nil, takesInput: !options.stdio, context)
    }
    symbols = try ProgramListener.symbols(of: [file].compactMap(\.self), context)
  }

  /// Serves until whoever may end it does so.
  func serve(_ session: TargetSession) throws(CommandFailure) -> any CommandResult {
    let relay = DebuggerRelay()
    var settings = DebuggerOptions()
    settings.semihosting = options.noSemihosting ? .off : .answered
    settings.files = files
    settings.commandLine = options.args
    settings.symbols = symbols
    let debugger = try reporting { () throws(SessionError) in
      try session.startDebugging(settings) { relay.told($0) }
    }
    try prepare(debugger, session)
    let reporter = context.reporter
    let makeServer = { (send: @escaping ([UInt8]) -> Void) in
      let server = GDBServer(debugger, session, send: send) { entry in
        switch entry {
        case .work(let text): reporter.report(.note(text))
        case .failure(let text): reporter.report(.warning(text))
        }
      }
      relay.told = { [weak server] in server?.tell($0) }
      return server
    }
    SignalHandling.beginServing()
    let port = try open(makeServer)
    let loop = EventLoop(interruption: context.interruption)
    loop.add(port)
    loop.run { port.isDone }
    port.close()
    try reporting { () throws(SessionError) in try debugger.detach(isLast: true) }
    if let failure = port.failure, !failure.isInterruption { throw CommandFailure(failure) }
    if debugger.holdsHalfAProgram {
      throw CommandFailure(
        FailureReport(
          .flash,
          "the flash holds half of a program, because loading it has failed or was stopped; the core is left halted",
          remedies: ["Load the program again"]))
    }
    return DebuggingEnd()
  }

  /// Writes what is to be written, and lets a program run that nobody looks at yet.
  private func prepare(_ debugger: Debugger, _ session: TargetSession) throws(CommandFailure) {
    try reporting { () throws(SessionError) in
      if let firmware {
        try debugger.attach()
        try debugger.load(firmware)
      } else if !session.standsAtResetVector {
        // How the target was reached has stopped it; it may run until somebody wants to see it.
        try debugger.attach()
        try debugger.detach()
      }
    }
  }

  private func open(
    _ makeServer: @escaping (@escaping ([UInt8]) -> Void) -> GDBServer
  ) throws(CommandFailure) -> GDBPort {
    let reporter = context.reporter
    if options.stdio {
      SignalHandling.leaveKeyboardToOthers()
      return GDBPort(StandardLine(), makeServer: makeServer)
    }
    let listener = try listen()
    reporter.report(
      .result(
        ListeningForGDB(
          address: options.listen, port: listener.localPort, saysAsStUtil: options.asStUtil)))
    return GDBPort(listener, isOnce: options.once, makeServer: makeServer) { event in
      switch event {
      case .connected: reporter.report(.note("GDB has connected"))
      case .refused: reporter.report(.warning("a second GDB was turned away: one debugs already"))
      case .disconnected: reporter.report(.note("GDB has gone"))
      }
    }
  }

  private func listen() throws(CommandFailure) -> Socket {
    let first = options.port ?? DebugServing.usualPort
    var failure: ServerError?
    for offset in 0..<(options.port == nil ? DebugServing.portCount : 1) {
      do throws(ServerError) {
        return try Socket.listening(address: options.listen, port: first + offset)
      } catch {
        failure = failure ?? error
      }
    }
    throw failure.map { CommandFailure($0) } ?? .usage("no port is free")
  }
}

/// Passes on what happens to a program to whoever debugs it now.
private final class DebuggerRelay {
  var told: (DebuggerEvent) -> Void = { _ in }
}

extension SessionError {
  /// Whether somebody has asked to stop, which is how serving ends.
  fileprivate var isInterruption: Bool {
    if case .access(.interrupted) = self { true } else { false }
  }
}
