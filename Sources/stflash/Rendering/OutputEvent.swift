import Engine
import Failures
import SimProbe

/// Something that a command tells while it runs; the reporters turn it into text or JSON.
enum OutputEvent {
  /// A link to a chip has been opened.
  case link(any LinkFacts)
  /// The chip behind it has been identified.
  case target(TargetFacts)
  /// The flash is being worked on.
  case flash(FlashEvent)
  /// A simulated chip's serial port has sent a line.
  case serial(ConsoleLine)
  /// What a simulated chip's serial port has just sent into this terminal.
  case serialOutput(ConsoleLine)
  /// A program that is listened to has said a line.
  case line(OutputLine)
  /// A program that is listened to has entered or left an exception.
  case exception(number: Int, ITMPacket.ExceptionEvent, at: Duration?)
  /// What a program that is listened to has just said, to be shown as it is.
  case plainOutput(ProgramOutput)
  /// Something that the user should know and that stops nothing.
  case warning(String)
  /// Something for the curious.
  case note(String)
  /// One transfer with the probe, for `-vv`.
  case transfer(String)
  /// A simulated chip made less of an access than a real one.
  case unmodelled(UnmodelledAccess)
  /// What another program did with a simulated probe.
  case work(ClientWork)
  /// What one step of a diagnosis found.
  case finding(DiagnosisFinding)
  /// The head of what follows, for people.
  case heading(String)
  /// What a command found out or did.
  case result(any CommandResult)
  /// In which condition the target was left.
  case closed(ClosingStatement)
  /// What went wrong.
  case failure(FailureReport)
  /// The command is over.
  case end(ExitStatus)
}

/// Turns events into output.
protocol Reporter: AnyObject {
  /// Tells one event.
  func report(_ event: OutputEvent)
}
