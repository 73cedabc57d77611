/// What is between the serial adapters and the chip, and what is wrong with it.
final class SerialWires {
  /// Whether what is sent comes back: one wire for both directions.
  var echoes = false
  /// Whether RTS and DTR have changed places.
  var areControlLinesSwapped = false
  /// Whether the adapter sends and expects no parity bit, whatever it is told.
  var hasNoParity = false
  /// Whether the adapter is gone.
  var isUnplugged = false
  /// After how many characters, in both directions, the adapter goes; nil for never.
  var characterCountToUnplug: Int?
  /// The characters that do not arrive, counted from 1 in both directions.
  var lostCharacters: Set<Int> = []
  /// The characters of which a bit turns around.
  var garbledCharacters: Set<Int> = []
  /// Whether the wires of the two directions are connected to each other's ends.
  var areDataLinesSwapped = false
  /// Which characters go wrong by chance; nil for none.
  var noise: SerialNoise?
  /// A character begins: its number, from 1 in both directions.
  let characterBegins = Signal<Int>()
  private(set) var characterCount = 0

  /// What arrives of a frame; nil for nothing.
  func carry(_ frame: SerialFrame) -> SerialFrame? {
    characterCount += 1
    characterBegins.send(characterCount)
    if let limit = characterCountToUnplug, characterCount >= limit { isUnplugged = true }
    if isUnplugged || areDataLinesSwapped || lostCharacters.contains(characterCount) { return nil }
    guard let word = noise?.carry(frame.word) ?? (noise == nil ? frame.word : nil) else { return nil }
    let mask: UInt16 = garbledCharacters.contains(characterCount) ? 0b100 : 0
    return SerialFrame(start: frame.start, word: word ^ mask, format: frame.format)
  }
}

/// Characters that are lost, or of which a bit turns around, by chance.
struct SerialNoise {
  /// How many of a million characters arrive wrong.
  var errorsPerMillion = 0
  /// How many of a million characters do not arrive.
  var lossesPerMillion = 0
  private var random: ChipRandom

  init(errorsPerMillion: Int = 0, lossesPerMillion: Int = 0, seed: UInt64) {
    self.errorsPerMillion = errorsPerMillion
    self.lossesPerMillion = lossesPerMillion
    random = ChipRandom(seed: seed ^ 0x5E71_A100)
  }

  /// What arrives of a character; nil for nothing.
  mutating func carry(_ word: UInt16) -> UInt16? {
    let draw = Int(random.next() % 1_000_000)
    if draw < lossesPerMillion { return nil }
    return draw < lossesPerMillion + errorsPerMillion ? word ^ 1 << UInt16(random.next() % 8) : word
  }
}
