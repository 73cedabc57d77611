// What a plan may not do: leave the flash, touch what is protected, erase half a sector.
extension FlashPlanner {
  func checkPlace(of image: FirmwareImage) throws(PlanError) {
    let flash = device.sectorMap.range
    let outside = image.segments.flatMap { segment in
      FlashBlock(address: segment.address, bytes: segment.bytes).parts(outside: flash).map(\.range)
    }
    if outside.isEmpty { return }
    if image.totalByteCount > flash.count {
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
    guard byteCount > 0 else { throw .emptyRange(at: address) }
    guard byteCount <= Int(UInt32.max - address) else { throw .rangeOverflow(address: address, byteCount: byteCount) }
    let range = address..<address + UInt32(byteCount)
    guard map.range.lowerBound <= range.lowerBound, range.upperBound <= map.range.upperBound else {
      throw .outsideFlash([range], flash: map.range, deviceName: device.name)
    }
    let sectors = map.sectors(touching: range)
    guard let first = sectors.first, let last = sectors.last else { throw .emptyRange(at: address) }
    let bounds = first.range.lowerBound..<last.range.upperBound
    guard bounds == range else { throw .notSectorAligned(range, bounds: bounds, sectors: sectors) }
    return sectors
  }
}
