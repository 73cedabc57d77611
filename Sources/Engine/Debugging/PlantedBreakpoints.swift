import Basics

/// Breakpoints in RAM: `BKPT` instructions in the place of the program's own, which are kept.
struct PlantedBreakpoints {
  /// `BKPT 0x00`; 0xAB would be a semihosting call.
  private static let instruction: UInt16 = 0xBE00

  private let access: any DebugAccess
  /// The halfwords that were there, by address.
  private var originals: [UInt32: UInt16] = [:]

  init(_ access: any DebugAccess) { self.access = access }

  /// The places that hold one now, as far as is known.
  var places: Dictionary<UInt32, UInt16>.Keys { originals.keys }

  /// Plants these and takes out all others.
  mutating func apply(_ wanted: Set<UInt32>) throws(DebugError) {
    for place in originals.keys where !wanted.contains(place) { try lift(place) }
    for place in wanted {
      let there = try access.readMemory(at: place, byteCount: 2).littleEndianHalfword(at: 0)
      // Where it still stands from before, what was there then is kept.
      if there == PlantedBreakpoints.instruction, originals[place] != nil { continue }
      originals[place] = there
      try access.writeMemory(PlantedBreakpoints.instruction.littleEndianBytes, at: place)
    }
  }

  /// Puts the program's own instruction back, unless something else has been written there since.
  mutating func lift(_ place: UInt32) throws(DebugError) {
    guard let original = originals[place] else { return }
    let there = try access.readMemory(at: place, byteCount: 2).littleEndianHalfword(at: 0)
    if there == PlantedBreakpoints.instruction {
      try access.writeMemory(original.littleEndianBytes, at: place)
    }
    originals[place] = nil
  }

  /// Puts back what lies in a range that is about to be written.
  mutating func lift(in range: Range<UInt32>) throws(DebugError) {
    for place in originals.keys where range.overlaps(place..<place + 2) { try lift(place) }
  }

  /// The chip's RAM may hold something else: nothing is put back any more.
  mutating func forget() { originals = [:] }

  /// Memory as the program has it, without what was planted.
  func uncovered(_ bytes: [UInt8], at address: UInt32) -> [UInt8] {
    if originals.isEmpty { return bytes }
    var bytes = bytes
    for (place, original) in originals {
      for (offset, byte) in original.littleEndianBytes.enumerated() {
        let index = Int(place) + offset - Int(address)
        // What no longer is a BKPT the program has written itself.
        guard bytes.indices.contains(index), bytes[index] == PlantedBreakpoints.instruction.littleEndianBytes[offset]
        else { continue }
        bytes[index] = byte
      }
    }
    return bytes
  }
}
