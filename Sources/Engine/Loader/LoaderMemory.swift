import Basics

/// Where the loader's parts lie in the target's SRAM: code, parameter block, ring.
struct LoaderMemory: Equatable {
  /// SRAM begins here (ARMv7-M, B3.1).
  static let base: UInt32 = 0x2000_0000
  /// The number of results that the parameter block has room for.
  static let resultCount = 256
  /// A ring below this is not worth having.
  static let smallestRing = 1024
  /// A ring is not cut down below this for the sake of packed data.
  static let smallestRingBesideHistory = 16_384

  /// Any word that chance will not have put into RAM.
  static let mark: UInt32 = 0x5AFE_C0DE
  /// PRIMASK set; FAULTMASK, BASEPRI and CONTROL clear: privileged, the main stack, nothing interrupts.
  static let initialControl: UInt32 = 0x0000_0001
  /// xPSR: Thumb state, thread mode.
  static let initialStatus: UInt32 = 0x0100_0000

  /// The parameter block.
  let parameters: UInt32
  /// The ring of commands and data.
  let ring: Range<UInt32>

  /// Lays out a loader in the RAM from its base on; nil where it does not fit.
  init?(code: [UInt32], ramByteCount: Int) {
    parameters = LoaderMemory.base + UInt32(code.count * 4)
    let begin = parameters + LoaderMemory.savedEnd
    let limit = LoaderMemory.base + UInt32(clamping: ramByteCount & ~3)
    guard limit >= begin + UInt32(LoaderMemory.smallestRing) else { return nil }
    ring = begin..<limit
  }

  /// The layout that a download of code and parameters tells, whatever the code is; nil for bytes that are none.
  init?(download bytes: [UInt8], at address: UInt32) {
    let parameterBytes = 32
    guard address == LoaderMemory.base, bytes.count > parameterBytes, bytes.count % 4 == 0 else { return nil }
    let start = bytes.count - parameterBytes
    let words = stride(from: start, to: bytes.count, by: 4).map { bytes.littleEndianWord(at: $0) }
    parameters = address + UInt32(start)
    guard words[1] < words[2], words[1] % 4 == 0, words[2] % 4 == 0 else { return nil }
    ring = words[1]..<words[2]
    guard words == initialParameters, ring.lowerBound >= results.upperBound else { return nil }
  }

  /// Where the host puts the address behind the last word that it has filled.
  var writePointer: UInt32 { parameters }
  /// Where the host puts the address behind the ring, once it has given up its end.
  var limit: UInt32 { parameters + 8 }
  /// What the loader says of itself.
  var report: UInt32 { parameters + LoaderMemory.reportOffset }

  /// Where the results are.
  var results: Range<UInt32> { parameters + LoaderMemory.results..<parameters + LoaderMemory.resultsEnd }

  /// Where the result of the command with a number is.
  func result(of command: Int) -> UInt32 {
    parameters + LoaderMemory.results + UInt32(command % LoaderMemory.resultCount * 4)
  }

  /// What the parameter block holds before the loader starts.
  var initialParameters: [UInt32] {
    [ring.lowerBound, ring.lowerBound, ring.upperBound, ring.lowerBound, 0, 0, 0, 0]
  }

  /// The length of the parameter block.
  static var parameterByteCount: Int { Int(savedEnd) }

  private static let reportOffset: UInt32 = 12
  private static let results: UInt32 = 32
  private static let resultsEnd = results + UInt32(resultCount * 4)
  /// Behind what the loader saves while it unpacks.
  private static let savedEnd = resultsEnd + 32
}

/// What a running loader says of itself in its parameter block.
struct LoaderReport: Equatable {
  /// The words that it says it in.
  static let byteCount = 20

  /// Why the loader runs no more.
  enum Status: UInt32 {
    case running = 0
    case flashError = 1
    case unknownCommand = 2
    case hostSilent = 3
  }

  /// The address of the first ring word that it has not consumed.
  var readPointer: UInt32
  /// Nil for a value that it never writes: its memory has been overwritten.
  var status: Status?
  /// SR at a flash error.
  var flashStatus: FlashStatus
  /// The address at a flash error; 0 for an erase.
  var address: UInt32
  /// How many commands it has carried out, modulo 2^32.
  var count: UInt32

  init(_ bytes: [UInt8]) {
    readPointer = bytes.littleEndianWord(at: 0)
    status = Status(rawValue: bytes.littleEndianWord(at: 4))
    flashStatus = FlashStatus(rawValue: bytes.littleEndianWord(at: 8))
    address = bytes.littleEndianWord(at: 12)
    count = bytes.littleEndianWord(at: 16)
  }
}
