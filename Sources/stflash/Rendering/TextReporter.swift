import Basics
import Engine
import Failures
import SimProbe

/// Writes results to stdout, and messages and progress to stderr.
final class TextReporter: Reporter {
  private let console: Console
  private let messages: MessageStream
  private let verbosity: Verbosity
  private let style: TextStyle
  private var bars: [FlashPhase: ProgressBar] = [:]
  /// When the last line about a running phase was printed where there is no terminal.
  private var lastLine = ContinuousClock.now

  /// How long nothing is said in a log while a phase goes on.
  private static let silence = Duration.seconds(5)

  /// Makes a reporter that writes messages through `messages`, which other writers may share.
  init(console: Console, messages: MessageStream, verbosity: Verbosity) {
    self.console = console
    self.messages = messages
    self.verbosity = verbosity
    style = TextStyle(usesColour: console.terminal?.usesColour ?? false)
  }

  func report(_ event: OutputEvent) {
    switch event {
    case .link(let facts): say("\(facts.title.padded(to: 7)) \(facts.line.printable)")
    case .target(let facts): say("target  \(facts.line.printable)")
    case .flash(let event): reportWork(event)
    case .serial(let line): show(line)
    case .serialOutput(let line): console.output.write(String(decoding: line.bytes, as: UTF8.self))
    case .line(let line): show(line)
    case .exception(let number, let event, let time):
      show(event.sentence(number), at: time, from: .itm(0), called: "exception")
    case .plainOutput(let output):
      messages.clearStatus()
      console.output.write(String(decoding: output.bytes, as: UTF8.self))
    case .warning(let text): say("\(style.warning("warning:")) \(text.printable)")
    case .note(let text): tell("info", text, from: .verbose)
    case .transfer(let text): tell("trace", text, from: .trace)
    case .unmodelled(let access): tell("debug", access.sentence, from: .trace)
    case .work(let work): say(work.line.printable)
    case .finding(let finding): report(finding)
    case .heading(let text): if verbosity != .quiet { console.printResult(text) }
    case .result(let result): report(result)
    case .closed(let statement): report(statement)
    case .failure(let report): self.report(report)
    case .end: messages.clearStatus()
    }
  }

  private func show(_ line: ConsoleLine) {
    messages.clearStatus()
    console.output.write("\(line.port.padded(to: 6)) | \(line.text.printable)\n")
  }

  /// The longest name of a voice that is usual, so that texts stand below each other.
  private static let sourceWidth = 11

  private func show(_ line: OutputLine) {
    show(line.text, at: line.chipTime, from: line.source, called: line.source.name)
  }

  private func show(_ text: String, at time: Duration?, from source: OutputSource, called name: String) {
    messages.clearStatus()
    let head = style.source(source, name.padded(to: Self.sourceWidth))
    console.output.write("\(head) | \(time.map { "[\($0.inMicroseconds)] " } ?? "")\(text.printable)\n")
  }

  /// Tells what only the curious want to know.
  private func tell(_ kind: String, _ text: String, from level: Verbosity) {
    if verbosity >= level { messages.print("\(kind): \(text.printable)") }
  }

  private func say(_ line: String) {
    if verbosity != .quiet { messages.print(line) }
  }

  private func report(_ finding: DiagnosisFinding) {
    if verbosity == .quiet && finding.outcome == .good { return }
    console.printResult(finding.line.printable)
  }

  private func report(_ result: any CommandResult) {
    messages.clearStatus()
    if verbosity == .quiet && result.isConfirmation { return }
    let lines = result.lines
    guard !lines.isEmpty else { return }
    let text = lines.map(\.printable).joined(separator: "\n")
    if result.isVerbatim { console.output.write(text + "\n") } else { console.printResult(text) }
  }

  /// Says how the target was left: always where it is not as asked, else only to the curious.
  private func report(_ statement: ClosingStatement) {
    messages.clearStatus()
    if statement.isClean {
      statement.lines.forEach { report(.note($0)) }
    } else {
      statement.lines.forEach { report(.warning($0)) }
    }
  }

  private func report(_ report: FailureReport) {
    messages.clearStatus()
    messages.print("\(style.failure("stflash: error:")) \(report.headline.printable)")
    report.evidence.forEach { messages.print("  \($0.printable)") }
    report.alternatives.forEach { messages.print("  or: \($0.printable)") }
    report.decisions.forEach { messages.print("  to tell: \($0.printable)") }
    report.remedies.forEach { messages.print("  \(style.remedy("try:")) \($0.words.printable)") }
  }

  private func reportWork(_ event: FlashEvent) {
    switch event {
    case .phaseStarted(let phase, let total):
      bars[phase] = ProgressBar(phase: phase, total: total)
      lastLine = .now
      showProgress(of: phase)
    case .progress(let phase, let done, _):
      bars[phase]?.done = done
      showProgress(of: phase)
    case .phaseFinished(let phase, let duration):
      messages.clearStatus()
      say(TextReporter.line(for: phase, byteCount: bars[phase]?.total ?? 0, duration))
      bars[phase] = nil
    case .sectorErased(let sector, let duration):
      report(.note("erased \(sector.description) in \(duration.inWords)"))
    case .banksErased(let banks, let duration):
      report(.note("erased banks \(banks.map(String.init).joined(separator: ", ")) in \(duration.inWords)"))
    case .warning(let advice): report(.warning(advice.words))
    case .note(let advice): report(.note(advice.words))
    }
  }

  private func showProgress(of phase: FlashPhase) {
    guard let bar = bars[phase], verbosity != .quiet else { return }
    if let terminal = console.terminal {
      messages.show(status: bar.line(columns: terminal.columns()))
    } else if ContinuousClock.now - lastLine > TextReporter.silence {
      // No bar without a terminal: 0 columns leave the numbers.
      messages.print(bar.line(columns: 0))
      lastLine = .now
    }
  }

  /// What is said of a phase that is over.
  private static func line(for phase: FlashPhase, byteCount: Int, _ duration: Duration) -> String {
    let rate = duration.throughput(ofBytes: byteCount).map { " (\($0))" } ?? ""
    return "\(phase.rawValue.padded(to: 11)) \(byteCount.byteSize) in \(duration.inWords)\(rate)"
  }
}

/// Colours, where they may be used (ECMA-48, SGR).
struct TextStyle {
  /// Whether they may.
  let usesColour: Bool

  /// Red and bold.
  func failure(_ text: String) -> String { wrap(text, "1;31") }
  /// Yellow.
  func warning(_ text: String) -> String { wrap(text, "33") }
  /// Bold.
  func remedy(_ text: String) -> String { wrap(text, "1") }

  /// A colour for each kind of voice.
  func source(_ source: OutputSource, _ text: String) -> String {
    switch source {
    case .semihosting: wrap(text, "36")
    case .semihostingError: wrap(text, "31")
    case .rtt: wrap(text, "32")
    case .itm: wrap(text, "35")
    case .serial: wrap(text, "34")
    }
  }

  private func wrap(_ text: String, _ code: String) -> String {
    usesColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
