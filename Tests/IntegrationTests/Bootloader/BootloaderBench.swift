import Engine
import LinkInterface
import Testing

@testable import SimProbe

/// A simulated board whose chip has started its ROM bootloader, with a serial adapter at it.
final class BootloaderBench {
  let bench: SimulatedBench

  init(_ target: String, _ configure: (inout SimulationConfiguration) throws -> Void = { _ in }) throws {
    bench = try SimulatedBench(target) {
      $0.bootMemory = .system
      try configure(&$0)
    }
  }

  private var chip: Chip { bench.simulation.board.chip }

  /// A new adapter at a serial port.
  func line(at port: String? = nil) -> any SerialLine { bench.simulation.makeSerialLine(at: port) }

  /// The chip by its bootloader, opened.
  func target(
    at port: String? = nil, baudRate: Int = 115_200, _ options: SessionOptions = SessionOptions(),
    observer: @escaping FlashObserver = { _ in }
  ) throws -> BootloaderTarget {
    let target = BootloaderTarget(
      line: line(at: port), baudRate: baudRate, options: options, observer: observer)
    try target.open()
    return target
  }

  /// Puts another version of the bootloader into the chip.
  func installBootloader(_ identifier: UInt8) throws {
    let deviceID = chip.model.die.deviceID
    let facts = try #require(
      BootloaderFacts.earlier.first { $0.deviceID == deviceID && $0.facts.identifier == identifier }
    ).facts
    chip.bootloader.facts = facts
    chip.bus.systemMemory.store(
      UInt32(identifier), .byte,
      at: Int(facts.identifierAddress - chip.model.family.memory.systemMemory.lowerBound))
  }

  /// Presses the reset button, and waits until the bootloader listens.
  func reset() {
    bench.pulseReset()
    bench.simulation.run(for: .milliseconds(300))
  }

  /// Whether the core is in the bootloader.
  var isInBootloader: Bool { chip.bootloader.isExecuting }

  /// The level of read protection that the option bytes store.
  var storedReadProtection: Int { chip.flash.storedOptions.readProtectionLevel }

  /// nWRP as stored.
  var storedWriteProtection: UInt16 { chip.flash.storedOptions.writeProtect }
}

extension ProgrammableTarget {
  /// Plans and writes an image.
  func write(_ image: FirmwareImage, _ choices: PlanOptions = PlanOptions()) throws {
    let plan = try plan(writing: image, with: ImageParts(), choices, permitting: OptionPermissions())
    try execute(plan, verifies: true, permitting: OptionPermissions())
  }
}
