/// Where the chips of a family have their memories.
package struct MemoryMap: Sendable {
  /// The main flash of the largest of them.
  let flash: Range<UInt32>
  /// Where the flash shows too, if the chip has been started from it.
  let flashAlias: Range<UInt32>
  /// The ROM bootloader.
  let systemMemory: MemoryRegion
  /// The bytes that can be programmed once, and their lock bytes.
  package let otp: MemoryRegion
  /// The option bytes.
  package let optionBytes: MemoryRegion
  /// The option bytes of bank 2, where a die has one.
  let optionBytesOfBank2: MemoryRegion
  /// The halfwords that hold fields, and in which half of which register a chip loads them.
  let optionHalfwords: [(address: UInt32, register: OptionField.Register, shift: UInt32)]
  /// RAM that only the core reaches.
  let coreCoupledMemory: Range<UInt32>
  /// The RAM of the largest of them, without what only the core reaches.
  let ram: Range<UInt32>
  /// The word whose upper half is the flash size in KiB.
  let flashSizeWord: UInt32
  /// The identity register: DEV_ID and REV_ID; 32-bit accesses only.
  let identityCode: UInt32
  /// What begins where outside of the main flash, in rising order.
  let places: [(start: UInt32, place: AddressPlace)]

  /// The map of a chip that nobody has asked yet.
  package static var presumed: MemoryMap { ChipFamily.presumed.memory }

  /// Whether some chip has flash or RAM at an address.
  package func mayHold(_ address: UInt32) -> Bool {
    flash.contains(address) || coreCoupledMemory.contains(address) || ram.contains(address)
  }
}
