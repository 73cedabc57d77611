import Testing

@testable import stflash

/// The verbs by a chip's bootloader on USB: `--dfu`.
struct DFUTests {
  private let desk = SimulatedDesk()
  private let dfu = "--sim stm32f446ze --sim-state @b.sim --sim-boot system --dfu"

  @Test func `a firmware is written by the bootloader, verified by a probe, started and left alone`() throws {
    try desk.directory.write("blink.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    let written = desk.run("\(dfu) write --no-keep @blink.bin 0x08000000")
    #expect(written.status == .success)
    #expect(written.screen.contains("ROM bootloader DFU 2.2, identifier 0x90"))
    #expect(written.screen.contains("verified"))
    #expect(written.screen.contains("the chip is in its bootloader: 'stflash reset' starts the program"))
    #expect(desk.run("--sim stm32f446ze --sim-state @b.sim verify @blink.bin 0x08000000").status == .success)
    let plan = desk.run("\(dfu) write --plan @blink.bin 0x08000000")
    #expect(plan.output.contains("nothing to do"))
    let started = desk.run("\(dfu) -v reset")
    #expect(started.status == .success)
    #expect(started.screen.contains("in its program, which the bootloader has started"))
  }
}
