import Basics
import Foundation
import LinkInterface
import Testing

@testable import stflash

/// Images of very many pieces: as quick as others, and no way to keep the program from stopping.
struct ManyPiecesTests {
  /// A HEX file with every second byte of so many, a record each, behind a vector table.
  private static func everySecondByte(of byteCount: Int) -> [UInt8] {
    func record(_ address: Int, _ type: UInt8, _ data: [UInt8]) -> String {
      let bytes = [UInt8(data.count), UInt8(address >> 8), UInt8(address & 0xFF), type] + data
      let sum = bytes.reduce(0 as UInt8, &+)
      return ":" + (bytes + [0 &- sum]).map { String(format: "%02X", $0) }.joined() + "\n"
    }
    let table: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7]
    var text = record(0, 4, [0x08, 0x00]) + record(0, 0, table)
    for address in stride(from: table.count, to: byteCount, by: 2) {
      text += record(address, 0, [UInt8(truncatingIfNeeded: address &* 7 &+ 3)])
    }
    return Array((text + ":00000001FF\n").utf8)
  }

  /// The seconds and the warnings that a write took.
  private static func write(_ file: String, on desk: SimulatedDesk) throws -> (seconds: Double, warnings: [String]) {
    let outcome = desk.run("--sim stm32f407vg --sim-state @st --json write --no-keep @\(file)")
    #expect(outcome.status == .success, "\(outcome.output)")
    let events = try outcome.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let written = try #require(events.first { $0["event"] as? String == "written" })
    let warnings = events.filter { $0["event"] as? String == "warning" }.compactMap { $0["message"] as? String }
    return (try #require(written["seconds"] as? Double), warnings)
  }

  @Test func `every second byte of 32 KiB is written by the loader, about as quickly as all of them`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("second.hex", Self.everySecondByte(of: 32_768))
    let whole: [UInt8] =
      [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7] + Array(repeating: 0x5A, count: 32_758)
    try desk.directory.write("whole.bin", whole)
    let scattered = try Self.write("second.hex", on: desk)
    #expect(
      !scattered.warnings.contains { $0.contains("loader") || $0.contains("debug port") }, "\(scattered.warnings)")
    #expect(desk.run("--sim stm32f407vg --sim-state @st verify @second.hex").status == .success)
    let all = try Self.write("whole.bin 0x08000000", on: desk)
    // The second write has the old content to erase: 16 KiB sectors, 0.22 s each.
    #expect(scattered.seconds < all.seconds + 0.5, "\(scattered.seconds) s against \(all.seconds) s")
  }

  @Test func `a request to stop is obeyed behind sixty thousand overlapping segments`() throws {
    let desk = SimulatedDesk()
    let count: UInt32 = 60_000
    func words(_ values: [UInt32]) -> [UInt8] { values.flatMap(\.littleEndianBytes) }
    // ELF-32 for ARM, executable; the program headers behind the file header (TIS ELF 1.2).
    var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
    file += [2, 0, 40, 0] + words([1, 0x0800_0001, 52, 0, 0])
    file += [52, 0, 32, 0] + [UInt8(count & 0xFF), UInt8(count >> 8)] + [40, 0, 0, 0, 0, 0]
    for index in 0..<count {
      let address = 0x0800_0000 + index % 97
      file += words([1, 52 + 32 * count, address, address, 256, 256, 5, 1])
    }
    try desk.directory.write("many.elf", file + [UInt8](repeating: 0, count: 256))
    var stopped = desk
    stopped.bench.interruption = Interruption()
    stopped.bench.interruption.request()
    let start = ContinuousClock.now
    #expect(stopped.run("--sim stm32f407vg write @many.elf").status == .interrupted)
    #expect(ContinuousClock.now - start < .seconds(30), "it took minutes")
  }
}
