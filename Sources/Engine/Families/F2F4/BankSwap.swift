/// The banks of a part with two of them, having changed places: bank 2 answers at 0x0800_0000 and bank 1 behind it.
///
/// The ROM does this when the option byte BFB2 is set, and a program may (RM0090, 2.4 and 9.2.1). Sector numbers and the
/// controller's registers are taken to go by the banks' own places, which no manual says outright. So does everything
/// that a user is told: an address is that of a bank in its own place, whatever the chip shows there just now.
struct BankSwap: Equatable {
  /// The whole main flash.
  let flash: Range<UInt32>

  /// Where the bytes from an address on are seen while the banks have changed places; two stretches where they cross
  /// from one bank to the other.
  func places(of address: UInt32, byteCount: Int) -> [(address: UInt32, byteCount: Int)] {
    let range = address..<address + UInt32(byteCount)
    let half = UInt32(flash.count / 2)
    let middle = flash.lowerBound + half
    var places: [(UInt32, Int)] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let bounds = [flash.lowerBound, middle, flash.upperBound].filter { $0 > start }
      let end = min(range.upperBound, bounds.first ?? .max)
      let seen = flash.contains(start) ? (start < middle ? start + half : start - half) : start
      places.append((seen, Int(end - start)))
      start = end
    }
    return places
  }

  /// Whether the banks have changed places; false on a part with a single bank.
  ///
  /// - Returns: nil where the core runs and SYSCFG has no clock: giving it one for a look could take it away again from a
  ///   program that has just switched it on.
  static func isOn(
    over access: any DebugAccess, map: SectorMap, coreStandsStill: Bool
  ) throws(DebugError) -> Bool? {
    guard map.bankCount == 2 else { return false }
    if !coreStandsStill, try !hasClock(access) { return nil }
    return try withClock(access) { () throws(DebugError) in try access.read(MemoryRemap.self)[.swapsBanks] }
  }

  /// Puts the banks in their own places, or swaps them; the core must stand still.
  static func set(_ isOn: Bool, over access: any DebugAccess) throws(DebugError) {
    try withClock(access) { () throws(DebugError) in
      var remap = try access.read(MemoryRemap.self)
      remap[.swapsBanks] = isOn
      try access.write(remap)
    }
  }

  /// RCC_APB2ENR and the number of its bit SYSCFGEN (RM0090, 7.3.14).
  private static let clocks: UInt32 = 0x4002_3844
  private static let enable: UInt32 = 14

  private static func hasClock(_ access: any DebugAccess) throws(DebugError) -> Bool {
    try access.readWord(at: clocks) >> enable & 1 == 1
  }

  /// Gives SYSCFG its clock for a look: it reads 0 and takes nothing without.
  ///
  /// Set and cleared by the bit-band alias of RCC_APB2ENR.SYSCFGEN: the other bits are the running program's.
  private static func withClock<Value>(
    _ access: any DebugAccess, _ body: () throws(DebugError) -> Value
  ) throws(DebugError) -> Value {
    if try hasClock(access) { return try body() }
    let alias: UInt32 = 0x4200_0000 + (clocks - 0x4000_0000) * 32 + enable * 4
    try access.writeWord(1, at: alias)
    let result = Result { () throws(DebugError) in try body() }
    // The clock goes off again whatever became of the access: a program that goes on must find it as it was.
    try access.writeWord(0, at: alias)
    return try result.get()
  }
}

/// SYSCFG_MEMRMP: what is seen where (RM0090, 9.2.1).
struct MemoryRemap: Register32 {
  static let name = "SYSCFG_MEMRMP"
  static let address: UInt32 = 0x4001_3800
  var rawValue: UInt32

  static var fields: [FieldInfo] { [Field<MemoryRemap, Bool>.swapsBanks.info] }
}

extension Field where Register == MemoryRemap, Value == Bool {
  /// UFB_MODE: bank 2 is at 0x0800_0000; on dies with a second bank only.
  static var swapsBanks: Self { Self("UFB_MODE", 8) }
}
