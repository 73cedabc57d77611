import Engine
import LinkInterface
import Testing

@testable import SimProbe

/// A simulated board whose chip has started its ROM bootloader, with a host at its own USB socket.
extension BootloaderBench {
  /// The bootloader on USB as it is inside.
  var function: DFUFunction { bench.simulation.board.chip.bootloader.dfu }

  /// The device that shows itself.
  func device() throws -> any USBDevice { try #require(bench.simulation.openBoardUSB(), "no device comes up") }

  /// The chip by its bootloader on USB, opened.
  func dfuTarget(
    _ options: SessionOptions = SessionOptions(), observer: @escaping FlashObserver = { _ in }
  ) throws -> BootloaderTarget {
    let target = BootloaderTarget(dfu: try device(), options: options, observer: observer)
    try target.open()
    return target
  }
}
