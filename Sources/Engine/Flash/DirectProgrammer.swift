import Basics
import Failures
import LinkInterface

/// Erases, programs and compares through the debug port, where no loader can run: one access of the chosen width a
/// programming operation.
///
/// The bus stalls each access until the one before has ended, so blocks go out without polling between; the status is
/// looked at after each.
struct DirectProgrammer: FlashWorker {
  let controller: FlashController
  let reader: FlashReader

  init(controller: FlashController, reader: FlashReader? = nil) {
    self.controller = controller
    self.reader = reader ?? FlashReader(access: controller.access, observer: { _ in })
  }

  /// How many bytes are written between two looks at the status; about 30 ms of programming.
  static func bytesPerCommand(_ parallelism: Parallelism) -> Int {
    min(4096, 1024 * parallelism.accessWidth.byteCount)
  }

  func perform(
    _ operations: [FlashOperation], of plan: FlashPlan, _ phases: inout WritingPhases
  ) throws(FlashError) {
    let clock = controller.access.clock
    for operation in operations {
      switch operation {
      case .erase(let step):
        let started = clock.now
        try controller.erase(step, plan.parallelism)
        phases.erased(step, took: clock.now - started)
      case .program(let block):
        try program(block, plan.parallelism) { phases.programmed($0) }
      }
    }
    try controller.endOperations()
  }

  func verify(
    _ blocks: [FlashBlock], _ context: Verifier.Context, advance: (Int) -> Void
  ) throws(FlashError) {
    try Verifier(reader: reader, context: context).verify(blocks, advance: advance)
  }

  /// Nothing goes on by itself here.
  func stop() {}

  /// Programs a block of whole rows with the controller unlocked, calling `advance` with the number of bytes done now
  /// and then.
  func program(
    _ block: FlashBlock, _ parallelism: Parallelism, advance: (Int) -> Void
  ) throws(FlashError) {
    try controller.beginProgramming(parallelism)
    let step = DirectProgrammer.bytesPerCommand(parallelism)
    for start in stride(from: 0, to: block.bytes.count, by: step) {
      let piece = FlashBlock(
        address: block.address + UInt32(start),
        bytes: Array(block.bytes[start..<min(start + step, block.bytes.count)]))
      try write(piece, parallelism)
      advance(piece.bytes.count)
    }
  }

  private func write(_ piece: FlashBlock, _ parallelism: Parallelism) throws(FlashError) {
    let action = "programming \(piece.range.addresses)"
    do throws(FlashError) {
      try FlashError.wrapping(action) { () throws(DebugError) in
        try controller.access.writeMemory(piece.bytes, at: piece.address, width: parallelism.accessWidth)
      }
      try controller.finishProgramming(accesses: piece.bytes.count / parallelism.byteCount)
    } catch {
      throw located(error, in: piece)
    }
  }

  /// The same error with the sector, and with the first address that did not take its byte.
  private func located(_ error: FlashError, in piece: FlashBlock) -> FlashError {
    var error = error
    error.evidence.sector = controller.map.sector(at: piece.address)
    guard case .errorBits = error.cause else {
      error.evidence.address = piece.address
      return error
    }
    do throws(DebugError) {
      let found = try controller.access.readMemory(at: piece.address, byteCount: piece.bytes.count)
      error.evidence.address = zip(piece.bytes, found).enumerated().first { $0.element.0 != $0.element.1 }
        .map { piece.address + UInt32($0.offset) }
    } catch let second {
      error.cleanupFailures.append("what was programmed could not be read back: \(second.report.summary)")
    }
    return error
  }
}
