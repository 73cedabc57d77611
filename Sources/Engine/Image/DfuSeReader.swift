import Basics

/// Reads ST's container for DFU bootloaders: a prefix, targets with elements, and the DFU suffix.
///
/// Source: ST UM0391, DfuSe File Format Specification. Each target is for an alternate setting of the bootloader: 0 is
/// the internal flash of every ST bootloader, the others are option bytes, OTP or memories outside the chip (AN3156).
struct DfuSeReader {
  /// The mark at the start of the file.
  static let magic = Array("DfuSe".utf8)

  /// The layout, in bytes.
  private enum Size {
    static let prefix = 11
    static let targetPrefix = 274
    static let elementHeader = 8
  }

  /// What the file holds for one alternate setting.
  private struct Target {
    var alternate: UInt8
    var name: String?
    var elements: [Element]

    /// The target in prose, as what was left out names it.
    var description: String {
      let bytes = elements.reduce(0) { $0 + $1.content.count }
      let places = elements.prefix(3).map { Hexadecimal.word($0.address) }.joined(separator: ", ")
      return "alternate setting \(alternate)" + (name.map { " \"\($0)\"" } ?? "") + ", \(Int(bytes).inBytes)"
        + (elements.isEmpty ? "" : " at \(places)" + (elements.count > 3 ? " and so on" : ""))
    }
  }

  private struct Element {
    var position: Int
    var address: UInt32
    var content: Range<Int>
  }

  private let bytes: [UInt8]
  private let file: String

  /// Reads a whole file.
  ///
  /// - Parameter bytes: the file without its suffix, the checksum of which has been found right.
  static func read(_ bytes: [UInt8], file: String) throws(ImageError) -> FirmwareImage {
    try DfuSeReader(bytes: bytes, file: file).read()
  }

  private func read() throws(ImageError) -> FirmwareImage {
    try require(Size.prefix, at: 0, for: "the DfuSe prefix")
    guard bytes.starts(with: DfuSeReader.magic) else {
      throw error(.field(name: "the mark of the format", expected: "\"DfuSe\"", found: "another"), at: 0)
    }
    try check("the version of the DfuSe format", Int(bytes[5]), is: 1, at: 5)
    try check("the size of the file without its suffix", Int(word(6)), is: bytes.count, at: 6)
    var position = Size.prefix
    var targets: [Target] = []
    for _ in 0..<bytes[10] {
      targets.append(try target(at: &position))
    }
    guard position == bytes.count else {
      throw error(
        .field(name: "the number of targets", expected: "as many as the file holds", found: String(bytes[10])), at: 10)
    }
    let flash = targets.filter { $0.alternate == 0 }
    let others = targets.filter { $0.alternate != 0 }.map(\.description)
    guard !flash.isEmpty || others.isEmpty else { throw error(.noInternalFlash(others), at: nil) }
    var assembler = SegmentAssembler(file: file, format: .dfuSe)
    for element in flash.flatMap(\.elements) {
      try assembler.add(bytes[element.content], at: element.address, from: .offset(element.position))
    }
    return FirmwareImage(
      segments: try assembler.finish(), entryPoint: nil, format: .dfuSe,
      leftOut: others.map { "\($0): not for the internal flash" })
  }

  private func target(at position: inout Int) throws(ImageError) -> Target {
    let start = position
    try require(Size.targetPrefix, at: start, for: "a target prefix")
    guard bytes[start..<start + 6].elementsEqual("Target".utf8) else {
      throw error(.field(name: "the mark of a target", expected: "\"Target\"", found: "another"), at: start)
    }
    position += Size.targetPrefix
    let end = position + Int(word(start + 266))
    try require(end - position, at: position, for: "a target")
    let count = word(start + 270)
    var elements: [Element] = []
    while elements.count < count {
      elements.append(try element(at: &position, end: end))
    }
    try check(
      "the size of a target", end - start - Size.targetPrefix, is: position - start - Size.targetPrefix, at: start + 266
    )
    return Target(
      alternate: bytes[start + 6], name: word(start + 7) == 0 ? nil : name(at: start + 11), elements: elements)
  }

  private func element(at position: inout Int, end: Int) throws(ImageError) -> Element {
    let start = position
    try require(Size.elementHeader, at: start, before: end, for: "an element's header")
    position += Size.elementHeader
    let size = Int(word(start + 4))
    try require(size, at: position, before: end, for: "an element")
    defer { position += size }
    return Element(position: start, address: word(start), content: position..<position + size)
  }

  /// A target's name, up to its first zero and without what no terminal should be sent.
  private func name(at offset: Int) -> String? {
    let printable = bytes[offset..<offset + 255].prefix { $0 != 0 }.filter { (0x20..<0x7F).contains($0) }
    return printable.isEmpty ? nil : String(decoding: printable, as: UTF8.self)
  }

  private func check(_ name: String, _ found: Int, is expected: Int, at offset: Int) throws(ImageError) {
    guard found == expected else {
      throw error(.field(name: name, expected: String(expected), found: String(found)), at: offset)
    }
  }

  private func require(
    _ count: Int, at offset: Int, before end: Int? = nil, for part: String
  ) throws(ImageError) {
    let left = (end ?? bytes.count) - offset
    guard count <= left else {
      throw error(.truncated(part: part, expectedBytes: count, foundBytes: max(0, left)), at: offset)
    }
  }

  private func word(_ offset: Int) -> UInt32 {
    bytes.littleEndianWord(at: offset)
  }

  private func error(_ reason: ImageError.Reason, at offset: Int?) -> ImageError {
    ImageError(reason, in: file, format: .dfuSe, at: offset.map { .offset($0) })
  }
}
