import Engine
import Failures
import LinkInterface

/// Asks a running program for its bootloader (`--detach`), and finds the device that comes back in its place.
struct DFUDetachment {
  /// What names the device; nil for the only one.
  let selector: String?
  /// The world outside.
  let context: CommandContext

  /// How long a device may take until it is back, in DFU mode and with the rights that the system gives it.
  private static let returnTime: Duration = .seconds(10)
  /// How long one that has refused is waited for.
  private static let refusalTime: Duration = .seconds(3)

  /// Opens the device in DFU mode.
  ///
  /// - Returns: nil where no program with a DFU interface is there: it may have made way before.
  func open() throws(CommandFailure) -> (any USBDevice)? {
    let programs = try context.bus.listDFURuntimes()
    if programs.isEmpty, !(try context.bus.listDFU().isEmpty) { return nil }
    let program = try context.bus.openDFURuntime(matching: selector)
    let place = program.identity.location.path
    defer { program.close() }
    var refusal: CommandFailure?
    do throws(CommandFailure) {
      try reporting { () throws(SessionError) in try DFURuntime(program).detach() }
      context.reporter.report(.note("the program has been asked to make way for its bootloader"))
    } catch {
      // Some make way all the same, and their stall is only that nobody was left to acknowledge.
      guard error.report.category == .flash else { throw error }
      refusal = error
    }
    do throws(CommandFailure) {
      return try device(at: place, by: program.clock, within: refusal == nil ? Self.returnTime : Self.refusalTime)
    } catch {
      throw refusal ?? error
    }
  }

  private func device(
    at place: String, by clock: any LinkClock, within limit: Duration
  ) throws(CommandFailure) -> any USBDevice {
    let deadline = clock.deadline(after: limit)
    while true {
      do throws(CommandFailure) {
        return try context.bus.openDFU(matching: place)
      } catch {
        // It is not there yet, or the system has not given its rights yet.
        guard [.noProbe, .permission].contains(error.report.category), !clock.hasPassed(deadline),
          !context.interruption.isRequested
        else { throw error }
      }
      clock.wait(for: .milliseconds(100))
    }
  }
}
