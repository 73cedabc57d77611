import Testing

@testable import stflash

/// `erase` without anything is a mass erase, as st-flash's is, and is said to be one wherever it is described.
struct BareEraseTests {
  @Test func `a bare erase erases the whole flash, and says so`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("fw.bin", Array(repeating: 0x55, count: 4096))
    let sim = "--sim stm32f411re --sim-state @st"
    for address in ["0x08000000", "0x08010000", "0x0807F000"] {
      #expect(desk.run("\(sim) write --as-is @fw.bin \(address)").status == .success)
    }
    let plan = desk.run("\(sim) erase --plan")
    #expect(plan.output.contains("erase   everything"))
    #expect(desk.run("\(sim) verify --as-is @fw.bin 0x0807F000").status == .success)
    let outcome = desk.run("\(sim) erase")
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("erased the whole flash of STM32F411, 512 KiB, in "), "\(outcome)")
    #expect(desk.run("\(sim) read @all.bin").status == .success)
    #expect(try desk.read("all.bin").allSatisfy { $0 == 0xFF })
  }

  @Test func `help and README say it`() throws {
    let help = CommandLineBench().run("help erase").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(help.contains("Without a range and without --sector the whole flash is erased, as st-flash does."))
    let readme = String(decoding: try FileSystem().read(SimulatedDesk.path("README.md")), as: UTF8.self)
    #expect(
      readme.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
        "a bare `erase` erases everything, as st-flash's does"))
  }
}
