@testable import SimProbe

/// Keeps what a signal or a line has said.
final class Recorder<Value> {
  private(set) var values: [Value] = []

  init(_ signal: Signal<Value>) {
    signal.connect(to: self) { $0.values.append($1) }
  }

  init(_ line: Line) where Value == Bool {
    line.connect(to: self) { $0.values.append($1) }
  }
}
