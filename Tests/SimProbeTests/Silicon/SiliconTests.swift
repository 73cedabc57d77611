import Foundation
import Testing

@testable import SimProbe

/// The simulated STM32F429ZI against recordings of a real one: same packets, same order, same times.
///
/// ST's own RAM loader, as recorded, runs on the simulated core and erases and programs the simulated flash. What
/// differs must belong to one of the classes below, each of which is something that the recording does not tell.
@Suite struct SiliconTests {
  /// Why a read may differ from the recording.
  enum Class: String, CaseIterable {
    case revision = "DBGMCU_IDCODE: the recorded chip is of revision 1, the simulated one of revision 3"
    case factoryBytes = "bytes that ST leaves in the system area behind the flash size"
    case freezeBefore = "DBGMCU_APB1_FZ as an earlier connection had left it"
    case ramBefore = "RAM as the recorded chip held it before"
    case flashBefore = "flash as the recorded chip held it before"
    case duration = "DHCSR, and DCRDR after it: the erase ended a little earlier or later than on the recorded chip"
    case coreBefore = "core registers and state that the recorded chip's firmware had left"
    case interruptGrouping = "AIRCR.PRIGROUP, set by the recorded chip's firmware"
    case portBefore = "CTRL/STAT of a port that had been in use before the recording began"
  }

  private func explanation(_ difference: SiliconBench.Difference) -> Class? {
    guard let address = difference.address else { return .portBefore }
    switch address {
    case 0xE004_2000: return .revision
    case 0x1FFF_7A22...0x1FFF_7BFF: return .factoryBytes
    case 0xE004_2008: return .freezeBefore
    case 0x2000_0000..<0x2003_0000: return .ramBefore
    case 0x0800_0000..<0x0820_0000: return .flashBefore
    case 0xE000_EDF0 where (difference.recorded ^ difference.simulated) & 1 << 17 != 0: return .duration
    // A core that still runs gives no register: DCRDR holds the loader's stack pointer, which was written last.
    case 0xE000_EDF8 where difference.simulated == 0x2000_0BD4: return .duration
    case 0xE000_EDF0, 0xE000_EDF8: return .coreBefore
    case 0xE000_ED0C: return (difference.recorded ^ difference.simulated) & ~0x700 == 0 ? .interruptGrouping : nil
    default: return nil
    }
  }

  /// Plays recordings one after the other and checks the last.
  ///
  /// - Parameter equalCount: how many of its reads gave the recorded word when the test was written; fewer is a fault.
  private func check(_ names: [String], equalCount: Int) throws {
    let bench = try SiliconBench()
    for name in names.dropLast() { bench.play(try WireRecording(name)) }
    let (reads, differences, refusals) = (bench.readCount, bench.differences.count, bench.refusals.count)
    let name = try #require(names.last)
    bench.play(try WireRecording(name))
    let readCount = bench.readCount - reads
    let found = bench.differences.dropFirst(differences)
    var counts: [Class: Int] = [:]
    for difference in found {
      guard let reason = explanation(difference) else {
        Issue.record("\(name): \(difference)")
        continue
      }
      counts[reason, default: 0] += 1
    }
    #expect(bench.refusals.dropFirst(refusals).isEmpty, "\(name)")
    #expect(readCount - found.count >= equalCount, "\(name): \(found.count) of \(readCount) differ")
    print("silicon: \(name): \(readCount - found.count) of \(readCount) reads equal")
    for reason in Class.allCases { counts[reason].map { print("  \($0) x \(reason.rawValue)") } }
  }

  @Test func `a file is erased, programmed and verified by ST's own loader as on the real chip`() throws {
    try check(["connect", "program_file_verify_after_programming_reset_afterwards"], equalCount: 3663)
  }

  @Test func `a file is verified by ST's own loader while it is programmed`() throws {
    try check(["connect", "program_file_verify_while_programming_reset_afterwards"], equalCount: 2079)
  }

  /// Nearly all that the first connection reads is the flash, which the simulated chip has blank.
  @Test func `a first connection reads what does not depend on the chip's past`() throws {
    try check(["connect"], equalCount: 56)
  }

  /// Each of these executes the loader's wait for eight seconds of simulated time, so that they run on demand only.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["STFLASH_LONG_TESTS"] != nil, "STFLASH_LONG_TESTS=1 (scripts/test)"),
    arguments: [("erase_bank1", 2924), ("erase_bank2", 2894), ("chip_erase", 8989)])
  func `banks are erased by ST's own loader in the time of the real chip`(name: String, equal: Int) throws {
    try check(["connect", name], equalCount: equal)
  }

  /// Most of what these read is registers and RAM that the recorded chip's firmware had filled.
  @Test(arguments: [
    ("core_halt", 9), ("core_run", 3), ("core_step", 33), ("core_core_reset", 29), ("core_system_reset", 40),
    ("core_read_core_regs", 32), ("get_option_bytes", 210), ("disconnect", 3),
  ])
  func `each button of the panel reads no less as on the real chip than it did`(name: String, equal: Int) throws {
    try check(["connect", name], equalCount: equal)
  }
}
