import Foundation
import Testing

@testable import SimProbe

/// Whole firmwares on simulated boards: firmware/tests, whose sources lie beside them.
@Suite struct FirmwareTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../firmware/tests")

  private func board(_ name: String, running firmware: String) throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.chip.flash.main.replace(
      at: 0, with: [UInt8](try Data(contentsOf: Self.folder.appending(path: firmware))))
    bench.board.cyclePower()
    return bench
  }

  @Test func `a firmware starts its clocks, greets by DMA and blinks by a timer`() throws {
    let bench = try board("stm32f4discovery", running: "hello.bin")
    var lines: [String] = []
    let console = SerialConsole { lines.append("\($0.port): \($0.text)") }
    bench.chip.serialOutput.connect(to: console) { $0.take(UInt8(truncatingIfNeeded: $1.frame.data), from: $1.port) }
    bench.pass(milliseconds: 1058)
    bench.chip.synchronise()
    console.flush()
    #expect(bench.chip.clocks.tree.ahb == 168_000_000)
    #expect(bench.chip.clocks.tree.apb1 == 42_000_000)
    // Power-on 1.5 ms, crystal 2 ms and PLL 0.2 ms, then ten periods of 100 ms and one SysTick a millisecond.
    #expect(lines == ["USART2: hello from 168 MHz", "USART2: .........."])
    let port = bench.chip.ports[3]
    #expect(port.changeCounts[12] == 10)
    #expect((1052...1055).contains(bench.chip.bus.sram.word(at: 0)))
    #expect(bench.chip.bus.peripherals.unmodelledAccesses.isEmpty)
    #expect(bench.chip.powerMode == .sleep)
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/env"), "there is no /usr/bin/env to find bash with"))
  func `the committed firmwares are what the toolchain assembles`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stflash-firmware-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["bash", Self.folder.appending(path: "build.sh").path, folder.path]
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    let complaint = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard !complaint.contains("command not found"), !complaint.contains("invalid linker name") else {
      return print("skipped: the firmwares cannot be assembled here: \(complaint)")
    }
    #expect(process.terminationStatus == 0, "\(complaint)")
    let names = [
      "blink.elf", "blink.bin", "blink.hex", "blink.srec", "hello.bin", "echo.bin", "tracer.elf", "tracer-pll.elf",
      "loopback.bin",
    ]
    for name in names {
      let built = try Data(contentsOf: folder.appending(path: name))
      #expect(try built == Data(contentsOf: Self.folder.appending(path: name)), "\(name)")
    }
  }

  @Test func `without its crystal the firmware waits for it`() throws {
    let bench = try board("stm32f4discovery", running: "hello.bin")
    bench.chip.clocks.connect(.none)
    bench.board.cyclePower()
    bench.pass(milliseconds: 50)
    bench.chip.synchronise()
    #expect(bench.chip.clocks.tree == .reset)
    #expect(bench.chip.core.state == .running)
    #expect(bench.chip.ports[3].outputs == 0)
  }

  @Test func `an empty chip locks up where real ones do`() throws {
    let bench = try BoardBench("nucleo-f207zg")
    bench.pass(milliseconds: 5)
    bench.chip.synchronise()
    #expect(bench.chip.core.state == .lockedUp)
    #expect(bench.chip.core.programCounter == 0xFFFF_FFFE)
    // The fault that could not be taken has stacked its frame from 0xFFFF_FFFC on.
    #expect(bench.chip.core.registers[13] == 0xFFFF_FFD8)
  }
}
