import Basics
import Failures

/// Why the RAM loader cannot be used on a target; the flash can still be programmed through the debug port.
enum LoaderRefusal: Error, Equatable {
  /// The user does not want it.
  case unwanted
  /// The core has not been reset: the firmware's DMA, clocks and watchdogs would go on under the loader.
  case notReset
  /// The program is to go on, and something of it would use the RAM meanwhile; what it is.
  case programGoesOn(String)
  /// The chip has too little RAM.
  case tooLittleRAM(byteCount: Int)
  /// The RAM does not hold what is written to it.
  case memoryFails(at: UInt32)
  /// The loader's first answer does not come, or is wrong.
  case noAnswer(String)
  /// The target refuses what is needed to start it.
  case target(DebugError)

  /// Why, in words that complete "the RAM loader cannot run: …".
  var reason: Advice {
    switch self {
    case .unwanted: "\(.withoutLoader, or: "it was asked for")"
    case .notReset: "the chip was not reset, and what its firmware has started goes on"
    case .programGoesOn(let what): "\(what) is at work"
    case .tooLittleRAM(let byteCount): "\(byteCount.inBytes) of RAM are too little"
    case .memoryFails(let address): "the RAM at \(address.hexadecimal) does not hold what is written to it"
    case .noAnswer(let detail): Advice(detail)
    case .target(let error): Advice(error.report.summary)
    }
  }
}
