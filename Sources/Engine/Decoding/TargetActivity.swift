/// A time in which the target did something by itself, as far as a session shows it.
public struct TargetActivity: Sendable, Equatable {
  /// What it did.
  public enum Kind: String, Sendable {
    /// The flash controller was erasing.
    case flash
    /// The core was running while it was being debugged: a loader, or the firmware.
    case core
  }

  /// What it did.
  public var kind: Kind
  /// When the session shows it begin.
  public var start: Duration
  /// When the session shows it over, or ends.
  public var end: Duration

  /// FLASH_CR.STRT and FLASH_SR.BSY are the same bit of their registers (RM0090, 3.9.5 and 3.9.6).
  private static let flashBusy: UInt32 = 1 << 16

  /// What the target did in a session.
  public static func find(in operations: [DecodedOperation]) -> [TargetActivity] {
    var found: [TargetActivity] = []
    var started: [Kind: Duration] = [:]
    func stop(_ kind: Kind, _ time: Duration) {
      guard let start = started.removeValue(forKey: kind), start < time else { return }
      found.append(TargetActivity(kind: kind, start: start, end: time))
    }
    for operation in operations {
      guard let end = operation.end else { continue }
      for word in operation.registers {
        switch change(word) {
        case .started(let kind): started[kind] = started[kind] ?? end
        case .stopped(let kind): stop(kind, end)
        case nil: break
        }
      }
    }
    let last = operations.compactMap(\.end).max() ?? .zero
    for kind in [Kind.flash, .core] { stop(kind, last) }
    return found.sorted { $0.start < $1.start }
  }

  private enum Change {
    case started(Kind)
    case stopped(Kind)
  }

  /// What a register says that was read or written.
  private static func change(_ word: DecodedOperation.RegisterWord) -> Change? {
    switch word.address {
    case FlashControl.address where word.isWritten && word.value & flashBusy != 0: return .started(.flash)
    case FlashStatus.address where !word.isWritten:
      return word.value & flashBusy != 0 ? .started(.flash) : .stopped(.flash)
    case DHCSR.address where word.isWritten:
      let status = DHCSR(rawValue: word.value)
      return status[.debugEnable] && !status[.haltRequest] ? .started(.core) : .stopped(.core)
    case DHCSR.address: return DHCSR(rawValue: word.value)[.halted] ? .stopped(.core) : nil
    default: return nil
    }
  }
}
