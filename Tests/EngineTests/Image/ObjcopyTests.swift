import Engine
import Foundation
import Testing

/// Our files against GNU objcopy's, in both directions.
///
/// Where binutils is missing, the suite is skipped and says so.
@Suite(.enabled(if: Objcopy.isInstalled, "/usr/bin/objcopy (binutils) is not installed"))
struct ObjcopyTests {
  @Test(arguments: [(ImageFormat.intelHex, "ihex"), (.sRecord, "srec")])
  func `what objcopy writes is read`(format: ImageFormat, target: String) throws {
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) }
    let written = try Objcopy.convert(
      bytes, ["-I", "binary", "-O", target, "--change-addresses", "0x0800C000", "--set-start", "0x101"])
    let image = try FirmwareImage.read(written, name: "a")
    #expect(image.format == format)
    #expect(image.segments == FirmwareImage(address: 0x0800_C000, bytes: bytes)?.segments)
    #expect(image.entryPoint == 0x0800_C101)
  }

  @Test(arguments: [(ImageFormat.intelHex, "ihex"), (.sRecord, "srec")], 0..<4 as Range<UInt64>)
  func `objcopy reads what we write`(format: (ImageFormat, String), seed: UInt64) throws {
    let image = try ImageSamples.image(seed: seed)
    let ours = try ImageWriter.write(image, as: format.0, name: "a")
    let binary = try Objcopy.convert(ours, ["-I", format.1, "-O", "binary", "--gap-fill", "0xFF"])
    #expect(try ImageWriter.binary(image, name: "a") == binary, "seed \(seed)")
  }

  @Test(arguments: ["ihex", "srec"])
  func `objcopy makes of an ELF what we make of it`(target: String) throws {
    let code = (0..<0x1234).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = ELFBuilder(segments: [.init(physicalAddress: 0x0800_0000, bytes: code)])
      .file()
    let converted = try Objcopy.convert(file, ["-I", "elf32-little", "-O", target])
    let ours = try FirmwareImage.read(file, name: "a.elf")
    #expect(try FirmwareImage.read(converted, name: "a").segments == ours.segments)
  }
}

/// Runs GNU objcopy on files in a directory of its own.
private enum Objcopy {
  private static let path = "/usr/bin/objcopy"

  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  static func convert(_ bytes: [UInt8], _ arguments: [String]) throws -> [UInt8] {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let input = directory.appendingPathComponent("in")
    let output = directory.appendingPathComponent("out")
    try Data(bytes).write(to: input)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments + [input.path, output.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return Array(try Data(contentsOf: output))
  }
}
