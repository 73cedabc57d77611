/// What is between a serial adapter and a chip, and what is wrong with it.
struct SerialWires {
  /// Whether what is sent comes back: one wire for both directions.
  var echoes = false
  /// Whether RTS and DTR have changed places.
  var areControlLinesSwapped = false
  /// Whether the adapter is gone.
  private(set) var isUnplugged = false
  /// After how many characters, in both directions, the adapter goes; nil for never.
  var characterCountToUnplug: Int?
  /// The characters that do not arrive, counted from 1 in both directions.
  var lostCharacters: Set<Int> = []
  /// The characters of which a bit turns around.
  var garbledCharacters: Set<Int> = []
  /// Whether the wires of the two directions are connected to each other's ends.
  var areDataLinesSwapped = false
  private(set) var characterCount = 0

  /// A frame from the adapter to the chip; nil for one that does not arrive.
  mutating func carryOut(_ frame: SerialFrame) -> SerialFrame? { carry(frame) }

  /// A frame from the chip to the adapter.
  mutating func carryIn(_ frame: SerialFrame) -> SerialFrame? { carry(frame) }

  private mutating func carry(_ frame: SerialFrame) -> SerialFrame? {
    characterCount += 1
    if let limit = characterCountToUnplug, characterCount >= limit { isUnplugged = true }
    if isUnplugged || areDataLinesSwapped || lostCharacters.contains(characterCount) { return nil }
    guard garbledCharacters.contains(characterCount) else { return frame }
    return SerialFrame(start: frame.start, word: frame.word ^ 0b100, format: frame.format)
  }
}
