import Basics

/// What may not be done to a chip: leave its flash, touch what is protected, erase half a sector.
///
/// All of it is checked before anything is touched.
struct FlashLimits {
  let device: Device
  let protection: ProtectionState

  func checkPlace(of image: FirmwareImage) throws(PlanError) {
    if let family = image.family, !device.name.hasPrefix(family.seriesName) {
      throw .otherFamily(family, deviceName: device.name)
    }
    let flash = device.sectorMap.range
    let outside = image.parts(outside: flash)
    if outside.isEmpty { return }
    if outside.allSatisfy({ $0.place == .beyondFlash }), image.totalByteCount > flash.count {
      throw .largerThanFlash(imageByteCount: image.totalByteCount, flash: flash, deviceName: device.name)
    }
    throw .outsideFlash(outside, flash: flash, deviceName: device.name)
  }

  func refuseProtected(_ sectors: [Sector]) throws(PlanError) {
    do throws(ProtectionRefusal) {
      try protection.checkWritable(sectors)
    } catch {
      throw .protection(error)
    }
  }

  func sectors(of request: EraseRequest) throws(PlanError) -> [Sector] {
    let map = device.sectorMap
    switch request {
    case .all:
      return map.sectors
    case .sectors(let numbers):
      for number in numbers where map.sector(number: number) == nil {
        throw .noSuchSector(number, map: map)
      }
      return map.sectors.filter { numbers.contains($0.number) }
    case .range(let address, let byteCount):
      return try sectors(from: address, byteCount: byteCount)
    }
  }

  func sectors(from address: UInt32, byteCount: Int) throws(PlanError) -> [Sector] {
    let map = device.sectorMap
    let wanted = try FlashLimits.addresses(from: address, byteCount: byteCount)
    guard map.range.contains(wanted.lowerBound), map.range.contains(wanted.upperBound) else {
      throw .rangeOutsideFlash(wanted, flash: map.range, deviceName: device.name)
    }
    let range = wanted.lowerBound..<wanted.upperBound + 1
    let sectors = map.sectors(touching: range)
    guard let first = sectors.first, let last = sectors.last else { throw .emptyRange(at: address) }
    let bounds = first.range.lowerBound..<last.range.upperBound
    guard bounds == range else { throw .notSectorAligned(range, bounds: bounds, sectors: sectors) }
    return sectors
  }

  /// Refuses an image that does not lie in flash that can be read.
  func checkReadable(_ image: FirmwareImage) throws(PlanError) {
    try checkPlace(of: image)
    for segment in image.segments {
      _ = try checkReadable(address: segment.address, byteCount: segment.bytes.count)
    }
  }

  /// Refuses a range that is empty, runs past the last address or the end of a memory, or touches flash that cannot be
  /// read.
  func checkReadable(address: UInt32, byteCount: Int) throws(PlanError) -> ClosedRange<UInt32> {
    let range = try FlashLimits.addresses(from: address, byteCount: byteCount)
    if let (memory, whole) = memory(at: address), !whole.contains(range.upperBound) {
      throw .outsideArea(range, area: memory.title, range: whole, deviceName: device.name)
    }
    if AddressPlace(of: address) == .beyondFlash, !device.sectorMap.range.contains(address) {
      throw .outsideArea(
        range, area: MemoryArea.main.title, range: device.sectorMap.range, deviceName: device.name)
    }
    let sectors = device.sectorMap.sectors.filter { $0.closedRange.overlaps(range) }
    do throws(ProtectionRefusal) {
      // At level 1 a debugger reads neither the flash nor OTP (RM0090, 3.7.3).
      if !sectors.isEmpty || range.overlaps(MemoryMap.presumed.otp.range) { try protection.checkReadable(sectors) }
    } catch {
      throw .protection(error)
    }
    return range
  }

  /// The memory in which an address lies, as far as its end is known: behind it nothing answers.
  private func memory(at address: UInt32) -> (MemoryArea, Range<UInt32>)? {
    let flash = device.sectorMap.range
    if flash.contains(address) { return (.main, flash) }
    guard let first = device.ram.first(where: { $0.range.contains(address) }) else { return nil }
    var end = first.range.upperBound
    while let next = device.ram.first(where: { $0.range.contains(end) }) { end = next.range.upperBound }
    return (first.name == "CCM" ? .ccm : .ram, first.range.lowerBound..<end)
  }

  /// The addresses of a range that has bytes and does not run past the last address, 0xFFFF_FFFF.
  private static func addresses(from address: UInt32, byteCount: Int) throws(PlanError) -> ClosedRange<UInt32> {
    guard byteCount > 0 else { throw .emptyRange(at: address) }
    guard byteCount - 1 <= Int(UInt32.max - address) else {
      throw .rangeOverflow(address: address, byteCount: byteCount)
    }
    return address...address + UInt32(byteCount - 1)
  }
}
