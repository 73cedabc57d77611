import Basics
import LinkInterface

/// What the loader can tell about the flash.
extension Loader {
  /// How long it may hear nothing before it is given something to do; it gives its host up after ten seconds.
  private static let longestNeglect = Duration.seconds(3)

  /// Keeps the loader from taking its host for gone; to be called now and then while the link does something else.
  func stayAwake() throws(FlashError) {
    guard access.clock.now - lastLook > Loader.longestNeglect else { return }
    let word = LoaderMemory.base..<LoaderMemory.base + 4
    try perform([
      LoaderJob(
        command: .sum(word), action: "keeping the RAM loader awake", time: Loader.timeToSum(byteCount: word.count))
    ])
  }

  /// The checksums of ranges of whole words, of which none is empty.
  func sums(
    of ranges: [Range<UInt32>], progress: (Range<UInt32>) -> Void = { _ in }
  ) throws(FlashError) -> [UInt32] {
    let jobs = ranges.map { range in
      LoaderJob(
        command: .sum(range), action: "verifying \(range.addresses)", time: Loader.timeToSum(byteCount: range.count))
    }
    return try perform(jobs) { _, done in
      for (job, _) in done {
        if case .sum(let range) = job.command { progress(range) }
      }
    }
  }

  /// The first row of 16 bytes in a range of whole rows that is not blank; nil where all are.
  func firstProgrammed(in range: Range<UInt32>) throws(FlashError) -> UInt32? {
    if range.isEmpty { return nil }
    let job = LoaderJob(
      command: .findProgrammed(range), action: "looking for what is programmed in \(range.addresses)",
      time: Loader.timeToSum(byteCount: range.count))
    let address = try perform([job]).first ?? 0
    return address == 0 ? nil : address
  }
}
