import Failures
import LinkInterface
import Testing

@testable import Engine
@testable import SimProbe

/// Programming option bytes, stopped and cut at every transfer: whatever is left is told, and there is a way back.
@Suite("Option bytes whose programming ends early")
struct OptionProgrammingTests {
  private static let content: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
  private static let base: UInt32 = 0x0800_0000

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

  /// Every third transfer, so that the polls do not take most of the time, and all of the last ones.
  private func transfers(of whole: SimulatedBench, from first: Int) -> [Int] {
    (first...whole.batchCount).filter { $0 % 3 == 0 || $0 > whole.batchCount - 12 }
  }

  @Test(arguments: ["stm32f407vg", "stm32f412ce", "stm32f429zi"])
  func `a power cut anywhere is told, recognised afterwards, and the chip comes back`(target: String) throws {
    let whole = try bench(target)
    let before = options(whole)
    #expect(lift(whole) == nil)
    let after = options(whole)
    var cuts = 0
    for transfer in transfers(of: whole, from: 1) {
      let bench = try bench(target)
      bench.mishaps[transfer] = .cutPower
      let error = lift(bench)
      bench.setSupply(3300)
      bench.simulation.board.cyclePower()
      bench.simulation.clock.advance(by: 100_000_000)
      let left = options(bench)
      guard left != before, left != after else {
        #expect(bench.cells(0..<Self.content.count) == Self.content, "cut at \(transfer)")
        #expect(error != nil || left == after, "cut at \(transfer)")
        continue
      }
      cuts += 1
      #expect(left == .blank, "cut at \(transfer)")
      let report = try #require(error).report
      #expect(report.evidence.contains { $0.contains("its option bytes are erased") }, "\(report)")
      #expect(report.remedies.contains { $0.remedies.contains(.liftAllProtection) }, "\(report)")
      if cuts == 1 { try expectTheWayBack(bench) }
    }
    #expect(cuts > 3)
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
    let whole = try bench("stm32f412ce")
    #expect(try liftAll(whole) == nil)
    var told: Set<String> = []
    for transfer in transfers(of: whole, from: 40) {
      let bench = try bench("stm32f412ce")
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

  /// Who comes next is told what has happened, and gets a chip that can be written.
  private func expectTheWayBack(_ bench: SimulatedBench) throws {
    let hasCodeProtection = bench.simulation.board.chip.flash.variant.die.hasReadoutProtectedSectors
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe()) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    #expect(warnings.contains { $0.contains("option bytes are erased") && $0.contains("power cut") }, "\(warnings)")
    do throws(SessionError) {
      _ = try session.read(address: Self.base, byteCount: 4)
      Issue.record("a protected flash was read")
    } catch {
      #expect(error.report.causes.contains(.optionsErased))
      #expect(error.report.causes.first == (hasCodeProtection ? .optionsErased : .readProtected))
    }
    session.close()
    let report = Diagnosis(probe: bench.probe()).run()
    #expect(report.problems.contains { $0.causes.contains(.optionsErased) }, "\(report.verdict)")
    #expect(report.verdict.contains("option bytes are erased"))

    let next = TargetSession(probe: bench.probe())
    try next.open()
    try next.liftAllProtection()
    #expect(next.protection?.readProtection == .level0)
    #expect(next.protection?.writeProtectedSectors == [] && next.protection?.codeProtectedSectors == [])
    #expect(next.protection?.optionControl[.startsFromBank2] == false)
    #expect(next.protection?.optionControl[.dualBank] == false)
    next.close()
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
    let image = try #require(FirmwareImage(address: Self.base, bytes: Self.content))
    let last = TargetSession(probe: bench.probe())
    try last.open()
    try last.execute(last.plan(writing: image))
    #expect(last.close().program?.condition == .running)
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
