import Failures
import LinkInterface
import Testing

@testable import Engine
@testable import SimProbe

/// Programming option bytes, stopped at every transfer: whatever is left is told, and there is a way back.
///
/// Cuts of the supply are in `InterruptedOptions`.
@Suite("Option bytes whose programming ends early")
struct OptionProgrammingTests {
  private static let content: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  /// A chip with a program whose sectors 1 and 2 are write-protected.
  private func bench(_ target: String) throws -> SimulatedBench {
    let bench = try SimulatedBench(target)
    bench.setCells(at: 0, Self.content)
    bench.setOptions(protection: bench.simulation.board.chip.flash.storedOptions.writeProtect & ~0b110)
    return bench
  }

  private func lift(_ bench: SimulatedBench, _ interruption: Interruption? = nil) -> SessionError? {
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(interruption: interruption))
    defer { session.close() }
    do throws(SessionError) {
      try session.open()
      _ = try session.liftWriteProtection()
      return nil
    } catch {
      return error
    }
  }

  private func options(_ bench: SimulatedBench) -> SimProbe.OptionBytes {
    bench.simulation.board.chip.flash.storedOptions
  }

  /// Every third transfer, of a long wait's polls every 61st, and all of the last ones.
  private func transfers(of whole: SimulatedBench, from first: Int) -> [Int] {
    (first...whole.batchCount).filter { ($0 < 450 ? $0 % 3 : $0 % 61) == 0 || $0 > whole.batchCount - 12 }
  }

  /// An open chip goes to level 1 first, and from there to level 0 with an erase.
  @Test func `a stop between the two halves of a change is told as such`() throws {
    func liftAll(_ bench: SimulatedBench, _ interruption: Interruption? = nil) throws -> SessionError? {
      let session = TargetSession(probe: bench.probe(), options: SessionOptions(interruption: interruption))
      defer { session.close() }
      try session.open()
      do throws(SessionError) {
        try session.liftAllProtection()
        return nil
      } catch {
        return error
      }
    }
    let whole = try bench("stm32f410t8")
    #expect(try liftAll(whole) == nil)
    var told: Set<String> = []
    for transfer in transfers(of: whole, from: 40) {
      let bench = try bench("stm32f410t8")
      let interruption = Interruption()
      bench.mishaps[transfer] = .request(interruption)
      guard let error = try liftAll(bench, interruption), options(bench).user >> 8 == 0x55 else { continue }
      let words = ["the change is half done", "was being programmed"].filter { words in
        error.report.evidence.contains { $0.contains(words) }
      }
      #expect(!words.isEmpty, "stop at \(transfer): \(error.report)")
      told.formUnion(words)
    }
    #expect(told.count == 2, "\(told)")
  }

  @Test func `a stop anywhere leaves the old option bytes or the new ones, and a controller that takes the next keys`()
    throws
  {
    let whole = try bench("stm32f412ce")
    let before = options(whole)
    #expect(lift(whole) == nil)
    let after = options(whole)
    var (stopped, done) = (0, 0)
    for transfer in transfers(of: whole, from: 1) {
      let bench = try bench("stm32f412ce")
      let interruption = Interruption()
      bench.mishaps[transfer] = .request(interruption)
      let error = lift(bench, interruption)
      let left = options(bench)
      #expect(left == before || left == after, "stopped at \(transfer)")
      #expect(
        error == nil || error?.report.category == .interrupted, "stopped at \(transfer): \(String(describing: error))")
      #expect(error != nil || left == after, "stopped at \(transfer)")
      if left == before { stopped += 1 } else { done += 1 }
      let flash = bench.simulation.board.chip.flash
      #expect(!flash.optionLock.isUnlocked, "stopped at \(transfer)")
      #expect(flash.shadowedOptions == left, "stopped at \(transfer): registers that nobody has programmed are left")
      #expect(lift(bench) == nil, "the next one, after a stop at \(transfer)")
      #expect(options(bench) == after)
    }
    #expect(stopped > 3 && done > 3)
  }

  @Test func `registers that are unlocked already take no keys, and ones that a wrong key has blocked are told`() throws
  {
    let open = try SimulatedBench("stm32f407vg") { $0.faults = [try Fault("left-options")] }
    open.setCells(at: 0, Self.content)
    let session = TargetSession(probe: open.probe(), options: SessionOptions(attachMode: .hotPlug))
    try session.open()
    try session.liftAllProtection()
    session.close()
    #expect(options(open).readProtectionLevel == 0)

    let blocked = try bench("stm32f407vg")
    blocked.simulation.run(for: .milliseconds(5))
    _ = blocked.simulation.board.chip.bus.write(0x4002_3C08, 0xBAD0_BAD0, .word, by: .debugger)
    let second = TargetSession(probe: blocked.probe(), options: SessionOptions(attachMode: .hotPlug))
    try second.open()
    do throws(SessionError) {
      _ = try second.liftWriteProtection()
      Issue.record("blocked option registers were programmed")
    } catch {
      #expect([.controllerBlocked, .programDisturbs].contains(error.report.causes.first), "\(error.report)")
    }
    second.close()
    #expect(lift(blocked) == nil, "a session that may reset gets through")
  }
}
