import Basics
public import Failures

/// Content that is no firmware although a file of it is easily taken for one: an archive, a web page, a program for a
/// computer.
///
/// A raw firmware is never mistaken for any of them: it begins with a stack pointer, whose highest byte is 0x20 or 0x10
/// and whose lowest is a multiple of four, and none of the marks begins so. Other raw data may well be one of them, such
/// as a picture that a firmware shows; whoever means that has to say so.
public struct ForeignContent: Sendable, Equatable {
  /// What the content is, with its article: "a gzip archive".
  public let title: String
  /// How a firmware is got from it, in the imperative.
  public let remedy: Advice

  /// Recognises content; nil for what may be a raw binary.
  public init?(_ content: [UInt8]) {
    guard let found = ForeignContent.binary(content) ?? ForeignText.recognise(content) else { return nil }
    self = found
  }

  init(_ title: String, _ remedy: Advice) {
    self.title = title
    self.remedy = remedy
  }

  /// A mark that a kind of file bears, and where it stands.
  private struct Mark {
    var offset = 0
    var bytes: [UInt8]
    var content: ForeignContent

    func isBorne(by file: [UInt8]) -> Bool {
      file.dropFirst(offset).starts(with: bytes)
    }
  }

  private static func binary(_ content: [UInt8]) -> ForeignContent? {
    if isPortableExecutable(content) {
      return ForeignContent("a program for Windows or UEFI", forThisChip)
    }
    if isLZMA(content) { return ForeignContent("an LZMA archive", unpack) }
    return marks.first { $0.isBorne(by: content) }?.content
  }

  /// "MZ" alone would be too little: e_lfanew at 0x3C has to lead to "PE" (PE Format, learn.microsoft.com).
  private static func isPortableExecutable(_ content: [UInt8]) -> Bool {
    guard content.starts(with: [0x4D, 0x5A]), content.count >= 0x40 else { return false }
    let header = Int(content.littleEndianWord(at: 0x3C))
    return header < content.count && content[header...].starts(with: [0x50, 0x45, 0, 0])
  }

  /// The old format of xz's authors has no mark: properties, a dictionary size, then the length, which streams leave
  /// unknown (lzma-file-format.txt of XZ Utils).
  private static func isLZMA(_ content: [UInt8]) -> Bool {
    content.starts(with: [0x5D, 0, 0]) && content.dropFirst(5).starts(with: [UInt8](repeating: 0xFF, count: 8))
  }

  private static let unpack: Advice = "Unpack it and give the firmware that is inside"
  private static let forThisChip: Advice = "Build the program for this chip"
  private static let link: Advice = "Link it into a program and give that"
  private static let another: Advice = "Give the firmware itself; this is another kind of file"

  /// The marks, as file(1) and the formats' own descriptions know them.
  private static let marks: [Mark] =
    archives.map { Mark(offset: $0.0, bytes: $0.1, content: ForeignContent($0.2, unpack)) }
    + programs.map { Mark(bytes: $0.0, content: ForeignContent($0.1, $0.2)) }
    + documents.map { Mark(bytes: $0.0, content: ForeignContent($0.1, another)) }

  private static let archives: [(Int, [UInt8], String)] = [
    (0, [0x1F, 0x8B, 0x08], "a gzip archive"),
    (0, [0x50, 0x4B, 0x03, 0x04], "a zip archive, as CMSIS packs are too"),
    (0, [0x50, 0x4B, 0x05, 0x06], "an empty zip archive"),
    (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz archive"),
    (0, [0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
    (0, Array("BZh".utf8), "a bzip2 archive"),
    (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive"),
    (0, [0x04, 0x22, 0x4D, 0x18], "an LZ4 archive"), (0, [0x02, 0x21, 0x4C, 0x18], "an LZ4 archive"),
    (0, [0x89, 0x4C, 0x5A, 0x4F, 0x00], "an lzop archive"),
    (0, [0x1F, 0x9D], "a compress archive (.Z)"),
    (0, [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], "a RAR archive"),
    (0, Array("MSCF".utf8) + [0, 0, 0, 0], "a cabinet archive"),
    (0, [0xED, 0xAB, 0xEE, 0xDB], "an RPM package"),
    (257, Array("ustar".utf8), "a tar archive"),
  ]

  private static let programs: [([UInt8], String, Advice)] = [
    (Array("!<arch>\n".utf8), "a library (ar archive) or a Debian package", link),
    (Array("!<thin>\n".utf8), "a library (thin ar archive)", link),
    ([0xFE, 0xED, 0xFA, 0xCE], "a program for Apple's systems (Mach-O)", forThisChip),
    ([0xFE, 0xED, 0xFA, 0xCF], "a program for Apple's systems (Mach-O)", forThisChip),
    ([0xCE, 0xFA, 0xED, 0xFE], "a program for Apple's systems (Mach-O)", forThisChip),
    ([0xCF, 0xFA, 0xED, 0xFE], "a program for Apple's systems (Mach-O)", forThisChip),
    ([0xCA, 0xFE, 0xBA, 0xBE], "a Java class or a program for Apple's systems", forThisChip),
    ([0x42, 0x43, 0xC0, 0xDE], "LLVM bitcode", link),
    ([0x00, 0x61, 0x73, 0x6D], "a WebAssembly module", forThisChip),
    (Array("STM2".utf8), "an image for the boot ROM of an STM32MP1 or MP2", forThisChip),
  ]

  private static let documents: [([UInt8], String)] = [
    (Array("%PDF-".utf8), "a PDF document"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG picture"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (Array("GIF8".utf8), "a GIF picture"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "a document of an office program"),
    ([0x0A, 0x0D, 0x0D, 0x0A], "a capture file (pcapng)"),
    ([0xD4, 0xC3, 0xB2, 0xA1], "a capture file (pcap)"),
    (Array("SQLite format 3\0".utf8), "a database (SQLite)"),
  ]
}
