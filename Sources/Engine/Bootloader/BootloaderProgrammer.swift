import Basics
import Failures
import LinkInterface

/// Erases, programs and compares by a chip's ROM bootloader.
///
/// The bootloader programs at the width that it was told the supply allows, else byte by byte (AN2606).
final class BootloaderProgrammer: FlashWorker {
  private let bootloader: any ROMBootloader
  private let reader: FlashReader
  /// Whether what is programmed is read back at once.
  private let verifies: Bool
  /// How long that has taken.
  private(set) var comparingTime = Duration.zero
  /// What has been read back and was right.
  private var verified: [Range<UInt32>] = []

  init(bootloader: any ROMBootloader, reader: FlashReader, verifies: Bool) {
    self.bootloader = bootloader
    self.reader = reader
    self.verifies = verifies && bootloader.verifiesBlockByBlock
  }

  func perform(
    _ operations: [FlashOperation], of plan: FlashPlan, _ phases: inout WritingPhases
  ) throws(FlashError) {
    for operation in operations {
      switch operation {
      case .erase(let step):
        let started = bootloader.clock.now
        try erase(step, plan)
        phases.erased(step, took: bootloader.clock.now - started)
      case .program(let block): try program(block, plan) { phases.programmed($0) }
      }
    }
  }

  /// How long it is waited for is what the data sheet gives an erase byte by byte: whether a bootloader does more at once
  /// nobody can ask it.
  private func erase(_ step: EraseStep, _ plan: FlashPlan) throws(FlashError) {
    let limit = FlashTiming.patience(step.time(on: plan.sectorMap, .x8).maximum)
    do throws(FlashError) {
      try FlashError.wrapping(step.action(on: plan.sectorMap)) { () throws(DebugError) in
        try bootloader.erase(step, on: plan.sectorMap, taking: limit)
      }
    } catch {
      var error = error
      if case .sector(let sector) = step { error.evidence.sector = sector }
      throw error
    }
  }

  private func program(_ block: FlashBlock, _ plan: FlashPlan, advance: (Int) -> Void) throws(FlashError) {
    let map = plan.sectorMap
    for range in block.range.pieces(of: bootloader.blockByteCount) {
      guard let piece = block.part(in: range) else { continue }
      let limit = FlashTiming.patience(map.family.timing.program(byteCount: piece.bytes.count, .x8).maximum)
      do throws(FlashError) {
        try FlashError.wrapping("programming \(range.addresses)") { () throws(DebugError) in
          try bootloader.write(piece.bytes, at: piece.address, taking: limit)
        }
        if verifies {
          let started = bootloader.clock.now
          try Verifier(reader: reader, context: .afterWriting).verify([piece]) { _ in }
          verified.append(range)
          comparingTime += bootloader.clock.now - started
        }
      } catch {
        var error = error
        error.evidence.sector = map.sector(at: piece.address)
        error.evidence.address = error.evidence.address ?? piece.address
        throw error
      }
      advance(piece.bytes.count)
    }
  }

  /// Compares what has not been read back yet.
  func verify(
    _ blocks: [FlashBlock], _ context: Verifier.Context, advance: (Int) -> Void
  ) throws(FlashError) {
    let known = verified.sorted { $0.lowerBound < $1.lowerBound }.joined(over: 1)
    let total = blocks.reduce(0) { $0 + $1.bytes.count }
    let rest = blocks.flatMap { $0.parts(outside: known) }
    advance(total - rest.reduce(0) { $0 + $1.bytes.count })
    try Verifier(reader: reader, context: context).verify(rest.joined, of: total, advance: advance)
  }

  func stop() {}
}
