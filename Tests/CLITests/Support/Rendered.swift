import Failures

@testable import stflash

/// What the text reporter writes to stderr about an event.
func rendered(_ event: OutputEvent, colour: Bool = false, verbosity: Verbosity = .normal) -> String {
  let sink = BufferSink()
  let console = Console(
    output: BufferSink(), error: sink,
    terminal: colour ? Console.Terminal(columns: { 80 }, usesColour: true) : nil)
  let messages = MessageStream(console: console)
  TextReporter(console: console, messages: messages, verbosity: verbosity).report(event)
  return sink.text
}
