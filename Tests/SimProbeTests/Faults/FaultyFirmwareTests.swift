import Foundation
import Testing

@testable import SimProbe

/// The words of programs for the target that stand in Swift sources are what their assembly sources make.
@Suite struct FaultyFirmwareTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL
  private static let assembler = root.appending(path: "scripts/assemble-firmware")

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: assembler.path), "scripts/assemble-firmware is missing"),
    arguments: [
      ("faulty", "Sources/SimProbe/Faults/Firmware/FaultyProgram+Words.swift"),
      ("tests", "Tests/IntegrationTests/Session/TestFirmware+Words.swift"),
    ])
  func `the committed words are what the toolchain assembles`(folder: String, table: String) throws {
    let process = Process()
    process.executableURL = Self.assembler
    process.arguments = [folder]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try text == Data(contentsOf: Self.root.appending(path: table)))
  }
}
