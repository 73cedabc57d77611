import Synchronization

/// Lines of messages with at most one changing status line below them.
///
/// Whoever prints a message goes through here, so that a progress bar is never torn apart by one.
final class MessageStream: Sendable {
  private let console: Console
  /// The status line on the screen; empty when there is none.
  private let status = Mutex("")

  /// Erases from the cursor to the end of the line (ECMA-48, EL).
  private static let eraseLine = "\u{1B}[K"

  /// Makes a stream on a console's error side.
  init(console: Console) {
    self.console = console
  }

  /// Prints a line, broken to fit the terminal, above the status line if there is one.
  func print(_ line: String) {
    let line = console.inLines(line)
    status.withLock { status in
      guard !status.isEmpty else { return console.error.write(line + "\n") }
      console.error.write("\r\(MessageStream.eraseLine)\(line)\n\(status)")
    }
  }

  /// Shows a status line, or another text in it; only on a terminal.
  func show(status line: String) {
    guard let terminal = console.terminal else { return }
    // One column stays free: a full line makes some terminals wrap.
    let text = String(line.prefix(max(0, terminal.columns() - 1)))
    status.withLock { status in
      guard text != status else { return }
      console.error.write("\r\(text)\(MessageStream.eraseLine)")
      status = text
    }
  }

  /// Takes the status line away.
  func clearStatus() {
    status.withLock { status in
      guard !status.isEmpty else { return }
      console.error.write("\r\(MessageStream.eraseLine)")
      status = ""
    }
  }
}
