/// Collects what a recorder writes, and can be made to fail like a full disk.
final class CaptureSink {
  struct DiskFull: Error {}

  private(set) var chunks: [[UInt8]] = []
  var remainingChunks = Int.max

  var bytes: [UInt8] { chunks.flatMap { $0 } }

  func take(_ bytes: [UInt8]) throws {
    guard remainingChunks > 0 else { throw DiskFull() }
    remainingChunks -= 1
    chunks.append(bytes)
  }
}
