/// The peripherals' address space: which block an access belongs to, and the registers of those that are modelled.
///
/// An access to a register that exists and is not modelled reads zero or does nothing, and is kept in a list.
final class PeripheralSpace {
  /// Accesses to registers that are not modelled, in the order of their first occurrence.
  private(set) var unmodelledAccesses: [UnmodelledAccess] = []

  private var modelled: [UInt32: any Peripheral] = [:]
  private var inOrder: [any Peripheral] = []

  /// Puts a modelled peripheral at its base address.
  func attach(_ peripheral: any Peripheral, at base: UInt32) {
    modelled[base] = peripheral
    inOrder.append(peripheral)
  }

  /// Reads a register; a bus error outside every block.
  func read(_ address: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    guard let block = PeripheralBlock.containing(address) else { return .fault }
    if let value = modelled[block.base]?.read(address - block.base, width, now: now) {
      return .done(value, cycles: 1)
    }
    note(block.name, address, width, value: nil)
    return .done(0, cycles: 1)
  }

  /// Writes a register; a bus error outside every block.
  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    guard let block = PeripheralBlock.containing(address) else { return .fault }
    if modelled[block.base]?.write(address - block.base, value, width, now: now) != true {
      note(block.name, address, width, value: value)
    }
    return .done(0, cycles: 1)
  }

  /// Counts an access that is not modelled.
  func note(_ name: String, _ address: UInt32, _ width: BusWidth, value: UInt32?) {
    let known = unmodelledAccesses.firstIndex { $0.address == address && ($0.value == nil) == (value == nil) }
    if let known {
      unmodelledAccesses[known].count += 1
    } else {
      unmodelledAccesses.append(
        UnmodelledAccess(
          peripheral: name, address: address, byteCount: Int(width.rawValue), value: value, count: 1))
    }
  }

  /// A system reset of every modelled peripheral, in the order in which they were attached.
  func reset(now: UInt64) {
    for peripheral in inOrder { peripheral.reset(now: now) }
  }
}
