/// The core as the bus sees it: its private peripherals, and how far it has got in time.
protocol PrivatePeripheralBus: AnyObject {
  /// The core's own time in nanoseconds, at or behind the clock's.
  var localNanoseconds: UInt64 { get }

  /// Reads a register of the core's private peripheral bus.
  func readPrivatePeripheral(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer

  /// Writes a register of the core's private peripheral bus.
  func writePrivatePeripheral(
    _ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster
  ) -> BusAnswer
}
