import Basics

/// The memory of the program that has called ioctl(2) on a virtual device file, while it waits for the answer.
protocol ClientMemory {
  /// Reads bytes at an address of the program.
  func read(_ byteCount: Int, at address: UInt64) throws(ClientGone) -> [UInt8]

  /// Writes bytes at an address of the program.
  func write(_ bytes: [UInt8], at address: UInt64) throws(ClientGone)
}

extension ClientMemory {
  /// Reads a 32-bit word.
  func readWord(at address: UInt64) throws(ClientGone) -> UInt32 {
    try read(4, at: address).littleEndianWord(at: 0)
  }
}

/// The program has ended, or does not answer any more.
struct ClientGone: Error {}
