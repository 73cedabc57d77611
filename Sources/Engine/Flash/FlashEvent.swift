public import Failures
import LinkInterface

/// A stretch of work that a progress display shows as one.
public enum FlashPhase: String, Sendable, CaseIterable {
  /// Reading the chip to decide what has to be done.
  case planning
  /// Erasing; counted in bytes of the sectors.
  case erasing
  /// Programming; counted in bytes.
  case programming
  /// Reading back and comparing; counted in bytes.
  case verifying
  /// Reading for the user; counted in bytes.
  case reading
}

/// What happens while the flash is worked on; durations are on the probe's clock.
///
/// Erasing and programming go by turns: both phases are then under way at once, each with its share of the time.
public enum FlashEvent: Sendable, Equatable {
  /// A phase begins that will move `total` bytes.
  case phaseStarted(FlashPhase, total: Int)
  /// A phase has moved `done` of `total` bytes.
  case progress(FlashPhase, done: Int, total: Int)
  /// A phase is over.
  case phaseFinished(FlashPhase, duration: Duration)
  /// A sector has been erased.
  case sectorErased(Sector, duration: Duration)
  /// Whole banks have been erased.
  case banksErased([Int], duration: Duration)
  /// Something that the user should know and that stops nothing.
  case warning(Advice)
  /// Something that was done on the way, for the curious.
  case note(Advice)
}

/// Who is told what happens.
public typealias FlashObserver = (FlashEvent) -> Void

/// Tells an observer about one phase and how far it has come.
struct PhaseProgress {
  private let phase: FlashPhase
  private let total: Int
  private let clock: any LinkClock
  private let started: Duration
  private let observer: FlashObserver
  private var done = 0

  init(_ phase: FlashPhase, total: Int, clock: any LinkClock, observer: @escaping FlashObserver) {
    self.phase = phase
    self.total = total
    self.clock = clock
    self.observer = observer
    started = clock.now
    observer(.phaseStarted(phase, total: total))
  }

  mutating func advance(by byteCount: Int) {
    reach(done + byteCount)
  }

  mutating func reach(_ byteCount: Int) {
    guard byteCount != done else { return }
    done = byteCount
    observer(.progress(phase, done: done, total: total))
  }

  /// The phase is over.
  ///
  /// - Parameter addition: time that the phase has had beside that since it was begun.
  func finish(addition: Duration = .zero) {
    finish(after: clock.now - started + addition)
  }

  /// The phase is over and has had this part of the time.
  func finish(after duration: Duration) {
    observer(.phaseFinished(phase, duration: duration))
  }
}
