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
    let outside = image.segments.flatMap { FlashLimits.parts(of: $0.range, outside: flash) }
    if outside.isEmpty { return }
    if image.totalByteCount > flash.count {
      throw .largerThanFlash(imageByteCount: image.totalByteCount, flash: flash, deviceName: device.name)
    }
    throw .outsideFlash(outside, flash: flash, deviceName: device.name)
  }

  private static func parts(of range: ClosedRange<UInt32>, outside flash: Range<UInt32>) -> [ClosedRange<UInt32>] {
    var parts: [ClosedRange<UInt32>] = []
    if range.lowerBound < flash.lowerBound {
      parts.append(range.lowerBound...min(range.upperBound, flash.lowerBound - 1))
    }
    if range.upperBound >= flash.upperBound {
      parts.append(max(range.lowerBound, flash.upperBound)...range.upperBound)
    }
    return parts
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
    guard byteCount > 0 else { throw .emptyRange(at: address) }
    guard byteCount <= Int(UInt32.max - address) else { throw .rangeOverflow(address: address, byteCount: byteCount) }
    let range = address..<address + UInt32(byteCount)
    guard map.range.lowerBound <= range.lowerBound, range.upperBound <= map.range.upperBound else {
      throw .outsideFlash([address...range.upperBound - 1], flash: map.range, deviceName: device.name)
    }
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

  /// Refuses a range that is empty, runs past the last address or touches flash that cannot be read.
  func checkReadable(address: UInt32, byteCount: Int) throws(PlanError) -> Range<UInt32> {
    guard byteCount > 0 else { throw .emptyRange(at: address) }
    guard byteCount <= Int(UInt32.max - address) else { throw .rangeOverflow(address: address, byteCount: byteCount) }
    let range = address..<address + UInt32(byteCount)
    let sectors = device.sectorMap.sectors(touching: range)
    do throws(ProtectionRefusal) {
      // At level 1 a debugger reads neither the flash nor OTP (RM0090, 3.7.3).
      if !sectors.isEmpty || range.overlaps(FixedArea.otp.range) { try protection.checkReadable(sectors) }
    } catch {
      throw .protection(error)
    }
    return range
  }
}
