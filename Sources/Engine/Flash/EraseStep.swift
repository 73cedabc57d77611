/// One erase operation of a plan.
public enum EraseStep: Sendable, Equatable {
  /// One sector.
  case sector(Sector)
  /// Whole banks at once: 1, 2 or both.
  case banks([Int])
}

extension EraseStep {
  /// Whether the operation erases a sector.
  func erases(_ sector: Sector) -> Bool {
    switch self {
    case .sector(let other): other == sector
    case .banks(let banks): banks.contains(sector.bank)
    }
  }

  /// How many bytes of a chip it erases.
  func byteCount(of map: SectorMap) -> Int {
    map.sectors.reduce(0) { $0 + (erases($1) ? $1.byteCount : 0) }
  }

  /// What CR selects for it, not started yet.
  func control(_ parallelism: Parallelism) -> FlashControl {
    switch self {
    case .sector(let sector): .erase(sector, parallelism)
    case .banks(let banks): .massErase(banks: banks, parallelism)
    }
  }

  /// What it does, in words.
  func action(on map: SectorMap) -> String {
    switch self {
    case .sector(let sector): "erasing sector \(sector.number)"
    case .banks(let banks): banks.count == map.bankCount ? "erasing the whole flash" : "erasing bank \(banks[0])"
    }
  }

  /// How long it takes.
  func time(on map: SectorMap, _ parallelism: Parallelism) -> FlashTiming.Bounds {
    switch self {
    case .sector(let sector): map.family.timing.erase(sector, parallelism)
    case .banks: map.family.timing.massErase(map, parallelism)
    }
  }
}
