import Basics

// What firmware files hold for the option bytes.
//
// Two forms are in use. As the flash stores them (RM0090, 3.7.1; RM0033, 2.6): the low halves of the first and third of four
// words at 0x1FFF_C000, and of the third at 0x1FFE_C000 for bank 2; what stands in the upper halves means nothing. And as the
// registers take them: a word for OPTCR at 0x1FFF_C000, behind it one for OPTCR1 where the chip has that, as Keil's option
// files for the F4 and their flash algorithms have it (STM32F4xx_OPT.s). A file of that form is known by its lack of a third
// word and by its first word's upper half, which stored bytes leave at 0xFFFF and no value of OPTCR has.
extension OptionAssignment {
  /// The changes that an image asks for; empty where it holds nothing for the option bytes.
  ///
  /// - Throws: `OptionRefusal.incompleteImage` where it holds a part of a halfword, or nothing but bytes without a meaning.
  static func assignments(of image: FirmwareImage) throws(OptionRefusal) -> [OptionAssignment] {
    let areas = [MemoryMap.presumed.optionBytesOfBank2.range, MemoryMap.presumed.optionBytes.range]
    guard let part = image.part(in: areas) else { return [] }
    if let words = registerWords(part) { return words }
    let found = try storedHalfwords(part)
    guard !found.isEmpty else { throw .incompleteImage(part.span) }
    return found
  }

  /// The form of the registers; nil for the other one.
  private static func registerWords(_ image: FirmwareImage) -> [OptionAssignment]? {
    let start = MemoryMap.presumed.optionBytes.range.lowerBound
    guard image.segments.count == 1, let segment = image.segments.first, segment.address == start,
      [4, 8].contains(segment.bytes.count), segment.bytes.littleEndianWord(at: 0) >> 16 != 0xFFFF
    else { return nil }
    let control = segment.bytes.littleEndianWord(at: 0)
    guard segment.bytes.count == 8 else { return [.register(.control, control)] }
    return [.register(.control, control), .register(.control1, segment.bytes.littleEndianWord(at: 4))]
  }

  private static func storedHalfwords(_ image: FirmwareImage) throws(OptionRefusal) -> [OptionAssignment] {
    var assignments: [OptionAssignment] = []
    for (address, register, shift) in MemoryMap.presumed.optionHalfwords {
      let range = address...address + 1
      let parts = image.segments(in: range)
      if parts.isEmpty { continue }
      guard let bytes = image.bytes(in: range) else { throw .incompleteImage(parts[0].range) }
      let value = UInt32(bytes[0]) | UInt32(bytes[1]) << 8
      assignments.append(
        OptionAssignment(
          .register(register, value << shift, mask: 0xFFFF << shift), text: "the halfword at \(address.hexadecimal)"))
    }
    return assignments
  }
}
