import Foundation
import Testing

@testable import SimProbe

/// The programs of firmware/faulty/ are what the catalogue loads.
@Suite struct FaultyFirmwareTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL
  private static let assembler = root.appending(path: "scripts/assemble-faulty-firmware")
  private static let table = root.appending(path: "Sources/SimProbe/Faults/Firmware/FaultyProgram+Words.swift")

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: assembler.path), "scripts/assemble-faulty-firmware is missing"))
  func `the committed words are what the toolchain assembles`() throws {
    let process = Process()
    process.executableURL = Self.assembler
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try text == Data(contentsOf: Self.table))
  }
}
