import Basics
import Engine
import SimProbe

/// What other programs have a simulated probe do: each command told as it happens, and all summed up in the end.
final class ClientLog {
  private let target: String
  private let reporter: any Reporter
  private let simulation: Simulation
  private var decoder = SessionDecoder()
  private var work: ClientWork
  private var flashBefore = FlashWork()
  /// The last command that was told, and how often it came again: who waits asks the same thing many times.
  private var last: (text: String, repetitions: Int)?

  /// Makes one for a simulation.
  init(_ simulation: Simulation, target: String, reporter: any Reporter) {
    self.simulation = simulation
    self.target = target
    self.reporter = reporter
    work = ClientWork(target: target)
  }

  /// Takes a transfer that has ended.
  func take(_ transfer: ObservedTransfer) {
    decoder.add(transfer).forEach(take)
  }

  /// A program that had a serial port has gone.
  func take(_ traffic: SerialCable.Traffic, at port: String) {
    if traffic.sentCount + traffic.receivedCount > 0 { work.serial = (port, traffic) }
  }

  /// What has been done since the last summary; nil for nothing.
  func summary() -> ClientWork? {
    decoder.finish().forEach(take)
    tellRepetitions()
    last = nil
    let flash = simulation.flashWork
    work.flash = flash - flashBefore
    flashBefore = flash
    defer { work = ClientWork(target: target) }
    return work.commandCount == 0 && work.serial == nil ? nil : work
  }

  private func take(_ operation: DecodedOperation) {
    work.add(operation)
    if let last, last.text == operation.text {
      self.last = (last.text, last.repetitions + 1)
    } else {
      tellRepetitions()
      last = (operation.text, 0)
      let time = (operation.start ?? .zero).decimalSeconds(places: 6)
      reporter.report(.note("\(target) \(time)  \(operation.text)"))
    }
  }

  private func tellRepetitions() {
    guard let last, last.repetitions > 0 else { return }
    reporter.report(.note("\(target) ... again, \(last.repetitions.of("time"))"))
  }
}
