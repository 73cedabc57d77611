import Basics

/// What an image holds for one place outside the main flash.
public struct OutsidePart: Sendable, Equatable, CustomStringConvertible {
  /// The addresses from the first byte to the last, gaps included.
  public var range: ClosedRange<UInt32>
  /// How many bytes the image has there.
  public var byteCount: Int

  /// What lies there.
  public var place: AddressPlace { AddressPlace(of: range.lowerBound) }

  /// Makes a part; all of it has to lie in one place.
  public init(range: ClosedRange<UInt32>, byteCount: Int) {
    self.range = range
    self.byteCount = byteCount
  }

  /// Addresses, size and place: "0x9000_0000 to 0x9000_00FF, 256 bytes: memory outside the chip (FSMC, FMC, QUADSPI)".
  public var description: String { "\(Hexadecimal.range(range)), \(byteCount.byteSize): \(place.name)" }
}

extension FirmwareImage {
  /// The image without what lies outside a range; nil when nothing is left.
  public func part(in range: Range<UInt32>) -> FirmwareImage? {
    guard let last = range.last else { return nil }
    let inside = segments(in: range.lowerBound...last)
    return inside.isEmpty ? nil : with(inside)
  }

  /// The image without what lies outside some ranges, which rise and do not touch; nil when nothing is left.
  public func part(in ranges: [Range<UInt32>]) -> FirmwareImage? {
    let inside = ranges.flatMap { range in range.last.map { segments(in: range.lowerBound...$0) } ?? [] }
    return inside.isEmpty ? nil : with(inside)
  }

  /// The image without what lies in some ranges, which rise and do not touch; nil when nothing is left.
  func part(outside ranges: [Range<UInt32>]) -> FirmwareImage? {
    let starts = [0] + ranges.map(\.upperBound)
    let ends = ranges.map(\.lowerBound)
    let gaps = zip(starts, ends).map { $0..<$1 }.filter { !$0.isEmpty }
    let inside =
      gaps.flatMap { segments(in: $0.lowerBound...$0.upperBound - 1) }
      + segments(in: (starts.last ?? 0)...UInt32.max)
    return inside.isEmpty ? nil : with(inside)
  }

  /// What lies outside the flash, one part for each place.
  public func parts(outside flash: Range<UInt32>) -> [OutsidePart] {
    var parts: [OutsidePart] = []
    for piece in segments.flatMap({ FirmwareImage.pieces(of: $0.range, outside: flash) }) {
      let last = parts.last
      if let last, last.place == AddressPlace(of: piece.lowerBound) {
        parts[parts.count - 1] = OutsidePart(
          range: last.range.lowerBound...piece.upperBound, byteCount: last.byteCount + piece.count)
      } else {
        parts.append(OutsidePart(range: piece, byteCount: piece.count))
      }
    }
    return parts
  }

  private static func pieces(of range: ClosedRange<UInt32>, outside flash: Range<UInt32>) -> [ClosedRange<UInt32>] {
    var outside: [ClosedRange<UInt32>] = []
    if range.lowerBound < flash.lowerBound {
      outside.append(range.lowerBound...min(range.upperBound, flash.lowerBound - 1))
    }
    if range.upperBound >= flash.upperBound {
      outside.append(max(range.lowerBound, flash.upperBound)...range.upperBound)
    }
    return outside.flatMap { AddressPlace.parts(of: $0).map(\.range) }
  }
}
