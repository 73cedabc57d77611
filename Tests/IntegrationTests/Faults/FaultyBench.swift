import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// A main operation of the tool.
enum MainOperation: String, CaseIterable {
  case connect, write, verify, erase, read
}

/// A simulated bench with faults, and the main operations on it.
struct FaultyBench {
  /// What became of an operation.
  enum Outcome: Equatable {
    /// It succeeded, and what it said is true.
    case done
    /// It said that it succeeded, and the chip says otherwise.
    case falseSuccess
    /// It failed and said so.
    case failed(FailureReport)
  }

  private let bench: SimulatedBench
  /// Whether the chip is reached by its bootloader, which is where these faults are met.
  private let isSerial: Bool
  /// The same for its bootloader on USB.
  private let isDFU: Bool
  /// How the control lines start it; nil where BOOT0 is high anyway.
  private let sequence: BootSequence?
  private let image: FirmwareImage
  private var bytes: [UInt8] { image.segments[0].bytes }

  private static let base: UInt32 = 0x0800_0000
  /// A vector table and a loop.
  private static let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  /// Sets up a bench; a chip that the faults leave blank runs an old firmware.
  init(_ target: String, faults: [String]) throws {
    let faults = try faults.map { try Fault($0) }
    isSerial = faults.contains { $0.kind.group == .serial }
    isDFU = faults.contains { $0.kind.group == .dfu }
    let hasControlLines = faults.contains { $0.name == "rts-dtr-swapped" }
    sequence = hasControlLines ? BootSequence("rts-boot0") : nil
    bench = try SimulatedBench(target) { [isSerial, isDFU] in
      $0.faults = faults
      if isSerial && !hasControlLines || isDFU { $0.bootMemory = .system }
      if hasControlLines { $0.serialWiring = SerialAdapterWiring(boot0: .rts, reset: .dtr) }
    }
    var random = SeededGenerator(seed: 11)
    var content = Self.start + random.bytes(1024 - Self.start.count)
    // A cell that is stuck at either value shows in this byte.
    content[0x100] = faults.contains { $0.name == "cell-stuck-0" } ? 0xFF : 0x00
    image = try #require(FirmwareImage(address: Self.base, bytes: content))
    let isBlank = bench.cells(0..<4) == [0xFF, 0xFF, 0xFF, 0xFF]
    if isBlank {
      bench.setCells(at: 0, Self.start + Array(repeating: 0x5A, count: 2000))
      bench.simulation.board.cyclePower()
    }
    // Firmware that protects itself needs as long as the option bytes take.
    let protects = faults.contains { $0.name == "firmware=read-protects" }
    bench.simulation.clock.advance(by: protects ? 600_000_000 : 10_000_000)
    bench.simulation.board.chip.synchronise()
  }

  /// Performs one operation in a session of its own.
  func perform(_ operation: MainOperation, mode: AttachMode = .automatic) throws -> Outcome {
    if operation == .verify { putImage() }
    guard let session = session(in: mode) else { return .failed(DFUDescription.missing) }
    do throws(SessionError) {
      try session.open()
      let isTrue = try perform(operation, in: session)
      session.close(leaving: nil)
      return isTrue ? .done : .falseSuccess
    } catch {
      session.close(leaving: nil)
      return .failed(error.report)
    }
  }

  /// A session; nil where nothing shows itself on USB.
  private func session(in mode: AttachMode) -> (any ProgrammableTarget)? {
    let options = SessionOptions(attachMode: mode)
    if isDFU { return bench.simulation.openBoardUSB().map { BootloaderTarget(dfu: $0, options: options) } }
    guard isSerial else { return TargetSession(probe: bench.probe(), options: options) }
    return BootloaderTarget(
      line: bench.simulation.makeSerialLine(), baudRate: 115_200, sequence: sequence, options: options)
  }

  /// The flash as a write of the image would have left it, where its cells can hold it.
  private func putImage() {
    let flash = bench.simulation.board.chip.flash
    bench.setCells(at: 0, bytes)
    flash.defects?.hold(flash.main)
  }

  private func perform(_ operation: MainOperation, in session: any ProgrammableTarget) throws(SessionError) -> Bool {
    switch operation {
    case .connect: return true
    case .write:
      let plan = try session.plan(
        writing: image, with: ImageParts(), PlanOptions(), permitting: OptionPermissions())
      try session.execute(plan, verifies: true, permitting: OptionPermissions())
      return bench.cells(0..<bytes.count) == bytes
    case .verify:
      try session.verify(image, with: ImageParts(), mayReset: true)
      return bench.cells(0..<bytes.count) == bytes
    case .erase:
      _ = try session.execute(try session.plan(erasing: .sectors([0])), verifies: true)
      return bench.cells(0..<0x4000).allSatisfy { $0 == 0xFF }
    case .read:
      return try session.read(address: Self.base, byteCount: 1024) == bench.cells(0..<1024)
    }
  }
}
