import Basics

/// A memory that a DFU device of ST's names: an alternate setting with the layout that its string tells (UM0424, 10.3.2).
///
/// "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg": a name, then addresses, each with runs of sectors of one size.
public struct DFUMemory: Sendable, Equatable {
  /// A run of sectors of one size.
  public struct Run: Sendable, Equatable {
    /// Where the first one begins.
    public var address: UInt32
    /// How many there are.
    public var count: Int
    /// The size of each, in bytes.
    public var sectorByteCount: Int
    /// Bit 0: they can be read, 1: erased, 2: written.
    public var abilities: UInt8

    /// Whether they can be erased and written.
    var canBeChanged: Bool { abilities & 0b110 == 0b110 }

    /// The addresses of all of them.
    public var range: Range<UInt32> {
      address..<UInt32(clamping: Int(address) + count * sectorByteCount)
    }
  }

  /// bAlternateSetting.
  public var alternate: UInt8
  /// The name, without the blanks at its end.
  public var name: String
  /// The runs of sectors, as the string has them.
  public var runs: [Run]

  /// Whether it is the chip's flash.
  var isInternalFlash: Bool { name == "Internal Flash" }

  /// How many bytes it has.
  public var byteCount: Int { runs.reduce(0) { $0 + $1.range.count } }

  /// Whether an address lies in it.
  func contains(_ address: UInt32) -> Bool { runs.contains { $0.range.contains(address) } }

  /// The runs that lie one behind the other around an address; nil for an address that it does not have.
  func segment(around address: UInt32) -> Range<UInt32>? {
    guard var range = runs.first(where: { $0.range.contains(address) })?.range else { return nil }
    var hasGrown = true
    while hasGrown {
      hasGrown = false
      for run in runs where run.range.lowerBound == range.upperBound || run.range.upperBound == range.lowerBound {
        range = min(range.lowerBound, run.range.lowerBound)..<max(range.upperBound, run.range.upperBound)
        hasGrown = true
      }
    }
    return range
  }

  /// The starts and sizes of all sectors.
  var sectors: [Range<UInt32>] {
    runs.flatMap { run in
      (0..<run.count).map { position in
        let start = run.address + UInt32(position * run.sectorByteCount)
        return start..<start + UInt32(run.sectorByteCount)
      }
    }
  }

  /// Reads the string of an alternate setting; nil for one that names no layout, as plain DFU devices have.
  init?(alternate: UInt8, text: String) {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.trimmingBlanks }
    guard let first = parts.first, first.hasPrefix("@"), parts.count >= 3 else { return nil }
    self.alternate = alternate
    name = String(first.dropFirst().trimmingBlanks)
    parts.removeFirst()
    runs = []
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
      let digits = parts[index].dropFirst(parts[index].lowercased().hasPrefix("0x") ? 2 : 0)
      guard var address = UInt32(digits, radix: 16) else { return nil }
      for item in parts[index + 1].split(separator: ",") {
        // A string that is cut short ends in the middle of a run, which counts for nothing.
        guard let run = Run(item.trimmingBlanks, at: address) else {
          guard item == parts[index + 1].split(separator: ",").last, !runs.isEmpty else { return nil }
          continue
        }
        runs.append(run)
        address = run.range.upperBound
      }
    }
    guard !runs.isEmpty else { return nil }
  }
}

extension DFUMemory.Run {
  /// Reads "04*016Kg": how many, how large, in which unit, and what can be done.
  fileprivate init?(_ text: Substring, at address: UInt32) {
    let parts = text.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), let letter = parts[1].last, ("a"..."g").contains(letter),
      let code = letter.asciiValue
    else {
      return nil
    }
    let digits = parts[1].prefix { $0.isNumber }
    let unit = parts[1].dropFirst(digits.count).dropLast().trimmingBlanks
    let multipliers: [Substring: Int] = ["": 1, "B": 1, "K": 1024, "M": 1_048_576]
    guard let number = Int(digits), let multiplier = multipliers[unit], count > 0, number > 0,
      count <= 4096, number * multiplier <= 1 << 30
    else { return nil }
    self.init(address: address, count: count, sectorByteCount: number * multiplier, abilities: code & 0b111)
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
