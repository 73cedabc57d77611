import ArgumentParser
import Basics
import Engine

/// Bytes that are put into a firmware beside those of its files: a serial number, a key, a setting.
struct ImagePatch: ExpressibleByArgument {
  /// What is put there.
  private enum Content {
    case word(UInt32)
    case file(String)
  }

  private let address: UInt32
  private let content: Content

  /// Takes ADDRESS=FILE or ADDRESS=0x12345678 apart.
  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let address = try? Number.address(String(parts[0])) else { return nil }
    self.address = address
    let value = String(parts[1])
    guard value.prefix(2).lowercased() == "0x" else {
      content = .file(value)
      return
    }
    guard let number = try? Number.parse(value), let word = UInt32(exactly: number) else { return nil }
    content = .word(word)
  }

  /// The file that the bytes come from; nil for a word.
  var fileUse: FileUse? {
    if case .file(let path) = content { FileUse("--patch", path, .reads) } else { nil }
  }

  /// A firmware with the bytes in it.
  func applied(to firmware: FirmwareImage, _ files: FileSystem) throws(CommandFailure) -> FirmwareImage {
    let bytes: [UInt8]
    switch content {
    case .word(let word): bytes = word.littleEndianBytes
    case .file(let path): bytes = try reporting { () throws(FileSystemError) in try files.read(path) }
    }
    guard let image = firmware.patched(with: bytes, at: address) else {
      throw .usage("a patch at \(address.hexadecimal) has no bytes, or runs past the last address")
    }
    return image
  }
}
