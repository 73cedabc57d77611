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

  @Test func `info tells what a bootloader shows, as text and as JSON`() {
    let text = desk.run("\(dfu) info")
    #expect(text.output.contains("bootloader DFU 2.2, identifier 0x90\n"))
    #expect(text.output.contains("memories   0 Internal Flash 512 KiB, 1 Option Bytes 16 bytes"))
    let json = desk.run("\(dfu) --json info").output
    #expect(json.contains(#""event":"info","dfu":{"location":null,"usbID":"0483:df11""#))
    #expect(json.contains(#""condition":"in its ROM bootloader""#))
  }

  @Test func `a recorded session is shown, and answers in place of the chip`() throws {
    try desk.directory.write("blink.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    let recorded = desk.run("\(dfu) --record @s.pcapng write --no-keep @blink.bin 0x08000000")
    #expect(recorded.status == .success)
    let shown = desk.run("trace show @s.pcapng").output
    for line in [
      "DFU_GETSTATUS -> dfuERROR, errFIRMWARE", "DFU_DNLOAD set address 0x0800_0000",
      "DFU_GETSTATUS -> dfuDNBUSY, OK, ask again after 33 ms", "DFU_UPLOAD block 3, 0x0800_0810",
    ] {
      #expect(shown.contains(line), "\(line)")
    }
    let replayed = desk.run("--replay @s.pcapng write --no-keep @blink.bin 0x08000000")
    #expect(replayed.status == .success, "\(replayed.screen)")
    #expect(desk.run("--dfu --replay @s.pcapng info").status == .trace)
  }

  @Test func `a file that names another device is refused`() throws {
    let firmware = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin"))
    try desk.directory.write("other.dfu", firmware.withSuffix(vendor: 0x1234, product: 0x5678))
    try desk.directory.write("own.dfu", firmware.withSuffix(vendor: 0x0483, product: 0xDF11))
    try desk.directory.write("open.dfu", firmware.withSuffix(vendor: 0x0483, product: 0))
    let refused = desk.run("\(dfu) write @other.dfu 0x08000000")
    #expect(refused.status == .file)
    #expect(refused.screen.contains("its DFU suffix names 1234:5678"))
    for name in ["own", "open"] {
      #expect(desk.run("\(dfu) write --no-keep @\(name).dfu 0x08000000").status == .success)
    }
  }

  @Test func `what is not there, and what excludes it, is told`() {
    let absent = desk.run("--sim stm32f446ze --dfu info")
    #expect(absent.status == .noProbe)
    #expect(absent.screen.contains("no device in DFU mode is plugged in"))
    #expect(absent.screen.contains("Set BOOT0 high"))
    #expect(desk.run("\(dfu) --port sim info").status == .usage)
    #expect(desk.run("\(dfu) --freq 4M info").status == .usage)
    #expect(desk.run("\(dfu) peek 0x08000000").status == .usage)
    let listed = desk.run("--sim stm32f446ze --sim-boot system list").output
    #expect(listed.contains("0483:df11"))
    let diagnosed = desk.run("\(dfu) diagnose")
    #expect(diagnosed.output.contains("ok       bootloader  DFU 2.2"))
    let broken = desk.run([
      "--sim", "stm32f446ze", "--sim-boot", "system", "--sim-fault", "dfu-unplugged@transfer=30", "--dfu", "info",
    ])
    #expect(broken.status == .noTarget)
    #expect(broken.screen.contains("the DFU device has left USB"))
  }

  @Test func `the chip's own USB is another device than the ROM's, and why there is none is told`() throws {
    let blank = desk.run("--sim stm32f4discovery --dfu --chip-usb info")
    #expect(blank.status == .noProbe)
    #expect(blank.screen.contains("no device shows itself on the USB of stm32f4discovery"))
    #expect(blank.screen.contains("the firmware has not switched it on"))
    #expect(!blank.screen.contains("BOOT0"))
    try desk.directory.write("loop.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/loopback.bin")))
    #expect(desk.run("--sim stm32f4discovery --sim-state @l.sim write @loop.bin 0x08000000").status == .success)
    // A device, but none for device firmware upgrade.
    let other = desk.run("--sim stm32f4discovery --sim-state @l.sim --dfu --chip-usb info")
    #expect(other.screen.contains("the USB device has no DFU interface"))
    #expect(other.status != .success)
    let without = desk.run("--sim stm32f410rb --dfu --chip-usb info")
    #expect(without.screen.contains("stm32f410rb has no USB of its own that is simulated (OTG FS)"))
  }
}

extension [UInt8] {
  /// The bytes with a DFU suffix behind them (USB DFU 1.1, appendix B).
  fileprivate func withSuffix(vendor: UInt16, product: UInt16) -> [UInt8] {
    let halfword = { (value: UInt16) in [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    let body = self + [0xFF, 0xFF] + halfword(product) + halfword(vendor) + [0x00, 0x01] + Array("UFD".utf8) + [16]
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in body {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    return body + (0..<4).map { UInt8(truncatingIfNeeded: remainder >> (8 * $0)) }
  }
}
