/// How a family's flash is cut into sectors.
struct SectorPattern: Sendable {
  /// Runs of equal sectors from the start of a bank: how many, and how large in KiB; the last run reaches to the end.
  let runs: [(count: Int, kilobytes: UInt32)]
  /// The number of bank 2's first sector.
  let secondBankNumber: Int
  /// What bank 2's codes in CR.SNB begin with.
  let secondBankSelector: UInt32

  /// The sectors of a bank.
  func sizes(ofBank bankByteCount: UInt32) -> [(offset: UInt32, byteCount: UInt32)] {
    var found: [(offset: UInt32, byteCount: UInt32)] = []
    var offset: UInt32 = 0
    for run in runs {
      var left = run.count
      while left > 0, offset < bankByteCount {
        found.append((offset, run.kilobytes << 10))
        offset += run.kilobytes << 10
        left -= 1
      }
    }
    return found
  }
}
