import Synchronization

@testable import stflash

/// A stream that keeps what is written to it, and may fail from the start.
final class BufferSink: TextSink {
  private let content = Mutex("")
  let failure: Int32?
  /// Is told every piece as it is written, so that a test can act in the middle of a command.
  private let observer: @Sendable (String) -> Void

  init(failure: Int32? = nil, observer: @escaping @Sendable (String) -> Void = { _ in }) {
    self.failure = failure
    self.observer = observer
  }

  var text: String { content.withLock { $0 } }

  func write(_ text: String) {
    guard failure == nil else { return }
    content.withLock { $0 += text }
    observer(text)
  }
}
