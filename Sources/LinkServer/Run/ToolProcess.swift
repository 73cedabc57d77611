package import LinkInterface
package import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that this one has started and waits for, with all that it starts in turn.
///
/// Nothing of it outlives the run: what the program leaves behind is ended when it has gone, and all of it when this
/// process is killed.
package final class ToolProcess {
  /// How a program ended.
  package enum End: Sendable, Equatable {
    /// By itself, with an exit code.
    case exited(code: Int32)
    /// By a signal.
    case killed(signal: Int32)

    /// The number that a shell makes of it.
    package var shellCode: Int32 {
      switch self {
      case .exited(let code): code
      case .killed(let signal): 128 + signal
      }
    }
  }

  /// The signals that this program handles or ignores, and that a started one shall take as usual.
  private static let handledSignals = [SIGINT, SIGTERM, SIGHUP, SIGPIPE]

  /// How often the program is looked at; the user waits so long for the prompt.
  private static let checkInterval: Duration = .milliseconds(5)
  /// What is done about a program that does not end, and how long after the request.
  private static let stops: [(delay: Duration, byForce: Bool)] = [(.seconds(1), false), (.seconds(6), true)]

  /// How long what the program has left behind has to end by itself when it is asked to.
  private static let patienceWithRemains: Duration = .seconds(1)

  let processID: pid_t
  private var end: End?
  private let mark = ProcessMark()
  private let watcher: ProcessWatcher?

  /// Starts a program, found by `PATH` as a shell finds it; it shares the standard streams.
  ///
  /// - Parameters:
  ///   - arguments: the program and its arguments.
  ///   - additions: what is put into the environment that it inherits.
  /// - Throws: `ServerError` when it cannot be started.
  package init(_ arguments: [String], environment additions: [String: String]) throws(ServerError) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in ToolProcess.handledSignals { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let additions = additions.merging([ProcessMark.variable: mark.value]) { $1 }
    let variables = ToolProcess.inheritedVariables(without: additions.keys) + additions.map { "\($0)=\($1)" }
    // Before the program, which then cannot outlive this process for a moment.
    watcher = ProcessWatcher(of: mark)
    var started = pid_t()
    let program = arguments.first ?? ""
    let result = ToolProcess.withStrings(arguments) { arguments in
      ToolProcess.withStrings(variables) { variables in
        posix_spawnp(&started, program, nil, &attributes, arguments, variables)
      }
    }
    guard result == 0 else { throw ServerError("start \(program)", number: result) }
    processID = started
  }

  deinit {
    if end != nil { watcher?.dismiss() }
  }

  /// Serves until the program has ended.
  ///
  /// A user's Ctrl-C reaches the program by itself; one that does not end by it, or that never saw the signal, is asked
  /// to end a moment later, and after some seconds more it is ended.
  /// - Parameters:
  ///   - loop: what to serve meanwhile.
  ///   - interruption: the user's request to stop.
  package func wait(serving loop: EventLoop, interruption: Interruption) -> End {
    var requested: ContinuousClock.Instant?
    var stops = ToolProcess.stops[...]
    while true {
      if let end = poll() {
        endRemains(serving: loop)
        return end
      }
      loop.turn(atMost: ToolProcess.checkInterval)
      guard interruption.isRequested else { continue }
      let since = (requested ?? .now).duration(to: .now)
      if requested == nil { requested = .now }
      if let next = stops.first, since >= next.delay {
        stop(byForce: next.byForce)
        stops.removeFirst()
      }
    }
  }

  /// How the program ended; nil while it runs.
  package func poll() -> End? {
    if let end { return end }
    var status: Int32 = 0
    guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
    // The layout of wait(2)'s status: bits 6 to 0 are the signal, bits 15 to 8 the exit code.
    let signal = status & 0x7F
    end = signal == 0 ? .exited(code: status >> 8 & 0xFF) : .killed(signal: signal)
    return end
  }

  /// Asks the program and all that it has started to end (SIGTERM), or ends them (SIGKILL).
  package func stop(byForce: Bool) {
    guard end == nil else { return }
    // Found before anything is sent: what has lost its parent belongs to nobody whom we could ask.
    let processes = Set(ToolProcess.descendants(of: processID) + mark.bearers)
    for process in processes.sorted() + [processID] { kill(process, byForce ? SIGKILL : SIGTERM) }
  }

  /// Ends what the program has left behind when it ended: the probes go with it, and a server that was started for the
  /// run would hold its port.
  private func endRemains(serving loop: EventLoop) {
    let asked = ContinuousClock.now
    for process in mark.bearers { kill(process, SIGTERM) }
    while !mark.bearers.isEmpty {
      guard asked.duration(to: .now) < ToolProcess.patienceWithRemains else {
        for process in mark.bearers { kill(process, SIGKILL) }
        return
      }
      loop.turn(atMost: ToolProcess.checkInterval)
    }
  }

  /// What a process has started, and what that has; only Linux tells.
  private static func descendants(of process: pid_t) -> [pid_t] {
    FileTree.names(in: "/proc/\(process)/task").flatMap { thread -> [pid_t] in
      guard let file = fopen("/proc/\(process)/task/\(thread)/children", "r") else { return [] }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 0x1_0000)
      let count = fread(&bytes, 1, bytes.count, file)
      let children = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
      return children.flatMap { descendants(of: $0) + [$0] }
    }
  }

  private static func inheritedVariables(without names: some Collection<String>) -> [String] {
    var variables: [String] = []
    var entry = environ
    while let variable = entry.pointee {
      let text = String(cString: variable)
      if !names.contains(where: { text.hasPrefix("\($0)=") }) { variables.append(text) }
      entry += 1
    }
    return variables
  }

  /// Calls `body` with an array of C strings that ends with a null pointer.
  static func withStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
  }
}
