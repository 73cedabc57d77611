import Basics
import Foundation
import LinkInterface
import TestSupport
import Testing
import Trace

/// Our recordings as Wireshark's reader sees them.
///
/// Where tshark is missing, the suite is skipped and says so.
@Suite(.enabled(if: Tshark.isInstalled, "tshark is not installed (apt install tshark)"))
struct TsharkTests {
  private let output = Endpoint.output(1)
  private let input = Endpoint.input(1)

  @Test func `a recording is read without a warning and with every length and payload`() throws {
    var random = SeededGenerator(seed: 7)
    let probe = AnsweringProbe()
    probe.descriptors = AnsweringProbe.sampleDescriptors
    let sink = CaptureSink()
    let recorder = Recorder(
      probe, options: RecorderOptions(metadata: [MetadataEntry("chip", "STM32F207ZG")]), sink: sink.take)
    var expected: [String] = []
    for size in [1, 2, 63, 64, 65, 512, 6_144] {
      let command = random.bytes(16)
      let reply = random.bytes(size)
      probe.answer([[], reply])
      _ = try recorder.perform([.bulkOut(output, command), .bulkIn(input, byteCount: size)], within: .seconds(1))
      expected.append("S 0x01 16 \(hex(command))")
      expected.append("S 0x81 \(size) ")
      expected.append("C 0x01 16 ")
      expected.append("C 0x81 \(size) \(hex(reply))")
    }
    recorder.close()
    let lines = try Tshark.read(
      sink.bytes, filter: "usb.transfer_type == 3",
      fields: ["usb.urb_type", "usb.endpoint_address", "usb.urb_len", "usb.capdata"])
    #expect(lines.map { $0.replacingOccurrences(of: "\t", with: " ") } == expected.map(Tshark.urbTypeByName))
  }

  @Test func `the device shows with its ids, its serial and its interface`() throws {
    let probe = AnsweringProbe()
    probe.descriptors = AnsweringProbe.sampleDescriptors
    let sink = CaptureSink()
    Recorder(probe, sink: sink.take).close()
    let fields = ["usb.idVendor", "usb.idProduct", "usb.bInterfaceClass", "usb.bString"]
    let text = try Tshark.read(sink.bytes, filter: "usb", fields: fields).joined(separator: "\n")
    for wanted in ["0x0483", "0x374b", "0xff", "0669FF303435554157121019"] {
      #expect(text.contains(wanted), "\(wanted)")
    }
  }

  @Test func `times show as they were on the probe's clock`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let options = RecorderOptions(startTime: .seconds(1_700_000_000), asksForDescriptors: false)
    let recorder = Recorder(probe, options: options, sink: sink.take)
    for microseconds in [1, 999, 1_500_000] {
      probe.answer([[]], after: .microseconds(microseconds))
      _ = try recorder.perform([.bulkOut(output, [1])], within: .seconds(9))
    }
    recorder.close()
    let lines = try Tshark.read(sink.bytes, filter: "usb.transfer_type == 3", fields: ["frame.time_epoch"])
    #expect(
      lines == [
        "1700000000.000000000", "1700000000.000001000", "1700000000.000001000", "1700000000.001000000",
        "1700000000.001000000", "1700000001.501000000",
      ])
  }

  @Test func `failures show with their error numbers`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    let batch: [Transfer] = [
      .bulkOut(output, [1]), .bulkIn(input, byteCount: 4), .bulkIn(Endpoint.input(2), byteCount: 8),
    ]
    probe.fail(LinkError(.stall, at: 1, of: batch, completed: [[]], partial: [9]))
    #expect(throws: LinkError.self) { try recorder.perform(batch, within: .seconds(1)) }
    recorder.close()
    let lines = try Tshark.read(
      sink.bytes, filter: "usb.transfer_type == 3 && usb.urb_type == 67", fields: ["usb.urb_status", "usb.urb_len"])
    #expect(lines == ["0\t1", "-32\t1", "-2\t0"])
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
  }
}

/// Runs tshark on a file in a directory of its own.
private enum Tshark {
  private static let path = "/usr/bin/tshark"

  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// The fields of every packet that passes a filter, separated by tabs; a warning is a failure.
  static func read(_ bytes: [UInt8], filter: String, fields: [String]) throws -> [String] {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("recording.pcapng")
    try Data(bytes).write(to: file)
    let output = directory.appendingPathComponent("output")
    let errors = directory.appendingPathComponent("errors")
    for log in [output, errors] { try Data().write(to: log) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.environment = ProcessInfo.processInfo.environment.merging(["HOME": directory.path]) { $1 }
    process.arguments =
      ["-n", "-r", file.path, "-Y", filter, "-T", "fields"] + fields.flatMap { ["-e", $0] }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let complaints = try String(contentsOf: errors, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("Running as user \"root\"") }
    #expect(complaints.isEmpty, "\(complaints)")
    try #require(process.terminationStatus == 0)
    return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// tshark prints the type of an event as the letter's character constant.
  static func urbTypeByName(_ line: String) -> String {
    "'\(line.prefix(1))'" + line.dropFirst()
  }
}
