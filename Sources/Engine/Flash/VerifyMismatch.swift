import Basics
import Failures

/// How a comparison of the flash with what it should hold failed.
public struct VerifyMismatch: Sendable, Equatable {
  /// What is likely behind it.
  public enum LikelyCause: String, Sendable {
    /// After a write: everything that differs reads 0xFF.
    case nothingProgrammed
    /// After a write: bits that should be 1 are 0, and none the other way round.
    case notErased
    /// After a write: bits that should be 0 are 1.
    case weakProgramming
    /// Reading the same address again gives something else.
    case unstableReads
    /// Without a write before: the flash is blank.
    case blank
    /// Without a write before: the flash holds something else.
    case otherContent
  }

  /// The first address that differs.
  public var address: UInt32
  /// What it should hold.
  public var expected: UInt8
  /// What it holds.
  public var found: UInt8
  /// How many bytes differ.
  public var differingByteCount: Int
  /// How many bytes were compared.
  public var comparedByteCount: Int
  /// What is likely behind it.
  public var likelyCause: LikelyCause

  /// The failure in one sentence.
  var summary: String {
    "verification failed at \(address.hexadecimal): expected \(Hexadecimal.byte(expected)), "
      + "found \(Hexadecimal.byte(found))"
  }

  var lines: [String] {
    ["\(differingByteCount.grouped) of \(comparedByteCount.inBytes) differ", likelyCause.explanation]
  }

  var remedies: [Advice] { likelyCause.remedies }
}

extension VerifyMismatch.LikelyCause {
  /// What the pattern of the differences says.
  public var explanation: String {
    switch self {
    case .nothingProgrammed: "all that differs reads 0xFF: nothing was programmed there"
    case .notErased: "bits that should be 1 are 0 and none the other way round: the sector was not erased"
    case .weakProgramming: "bits that should be 0 are 1: programming did not take hold"
    case .unstableReads: "the same address reads differently each time"
    case .blank: "the flash is blank there"
    case .otherContent: "the flash holds something else than this image"
    }
  }

  /// What to do, likeliest first.
  fileprivate var remedies: [Advice] {
    switch self {
    case .nothingProgrammed, .weakProgramming:
      [
        "Check the supply and the VCAP capacitors, then write again",
        "Try a narrower width\(by: .setWidth(bits: 8)): the supply may be lower than measured",
      ]
    case .notErased: ["Write again; if it stays, the sector is worn out or the sector map is another (DB1M, clone)"]
    case .unstableReads: ["Lower the SWD clock\(by: .setClock(kHz: nil)), shorten the wires, check the supply"]
    case .blank, .otherContent: [.writeFirst]
    }
  }
}
