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

  @Test(arguments: ["ihex", "srec"])
  func `a section that was added to a linked file is where objcopy has it`(target: String) throws {
    let code = (0..<0x234).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let linked = ELFBuilder(segments: [
      .init(virtualAddress: 0x0800_0000, physicalAddress: 0x0800_0000, bytes: code),
      .init(physicalAddress: 0x0800_4000, bytes: [1, 2, 3]),
    ])
    var added = try Objcopy.convert(
      linked.file(),
      [
        "-I", "elf32-little", "-O", "elf32-little", "--add-section", ".boot=/usr/bin/objcopy",
        "--set-section-flags", ".boot=alloc,load,readonly", "--change-section-address", ".boot=0x08030000",
      ])
    // An objcopy that does not know ARM writes no machine into its ELF files.
    added.setHalfword(40, at: 18)
    let ours = try FirmwareImage.read(added, name: "a.elf")
    #expect(ours.segments.map(\.address) == [0x0800_0000, 0x0800_4000, 0x0803_0000])
    let converted = try Objcopy.convert(added, ["-I", "elf32-little", "-O", target])
    #expect(try FirmwareImage.read(converted, name: "a").segments == ours.segments)
  }

  @Test(arguments: ["ihex", "srec"])
  func `without physical addresses objcopy takes the virtual ones as well`(target: String) throws {
    let file = ELFBuilder(segments: [
      .init(virtualAddress: 0x0800_0000, physicalAddress: 0, bytes: [1, 2, 3]),
      .init(virtualAddress: 0x0800_4000, physicalAddress: 0, bytes: [4, 5]),
    ]).file()
    let converted = try Objcopy.convert(file, ["-I", "elf32-little", "-O", target])
    #expect(try FirmwareImage.read(converted, name: "a").segments == FirmwareImage.read(file, name: "a.elf").segments)
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
