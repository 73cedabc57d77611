/// The file formats that a firmware image comes in.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// The bytes of the memory and nothing else; where they go has to be said separately.
  case binary
  /// Intel HEX (Intel, Hexadecimal Object File Format Specification, revision A, 1988).
  case intelHex
  /// Motorola S-records.
  case sRecord
  /// ELF32, little-endian, for ARM.
  case elf
  /// Microsoft's USB Flashing Format.
  case uf2
  /// ST's container for DFU bootloaders (UM0391).
  case dfuSe

  /// The format that a file name's extension promises; nil for an extension that promises nothing.
  ///
  /// What a file is gets decided by its content. The name serves for messages, and for choosing the format of a file
  /// that is about to be written.
  public init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    let wanted = fileName[fileName.index(after: dot)...].lowercased()
    guard let format = ImageFormat.allCases.first(where: { $0.extensions.contains(wanted) }) else { return nil }
    self = format
  }

  /// The format's name in prose.
  public var title: String {
    switch self {
    case .binary: "raw binary"
    case .intelHex: "Intel HEX"
    case .sRecord: "S-record"
    case .elf: "ELF"
    case .uf2: "UF2"
    case .dfuSe: "DfuSe"
    }
  }

  /// The file name extensions in use for this format, in lower case and without the point.
  public var extensions: [String] {
    switch self {
    case .binary: ["bin"]
    case .intelHex: ["hex", "ihex", "ihx"]
    case .sRecord: ["srec", "s19", "s28", "s37", "mot", "mhx", "sx"]
    case .elf: ["elf", "axf"]
    case .uf2: ["uf2"]
    case .dfuSe: ["dfu", "dfuse"]
    }
  }
}
