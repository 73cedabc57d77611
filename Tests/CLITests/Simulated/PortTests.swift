import Engine
import Testing

@testable import stflash

/// The verbs by a chip's bootloader: `--port`.
struct PortTests {
  private let desk = SimulatedDesk()
  private let port = "--sim stm32f412ce --sim-state @b.sim --sim-boot system --port sim"

  /// Runs a line, with words that have spaces behind it.
  private func run(_ line: String, irreversible words: String...) -> CommandLineBench.Outcome {
    let arguments = line.split(separator: " ").map { word in
      word.hasPrefix("@") ? desk.directory.file(String(word.dropFirst())) : String(word)
    }
    return desk.run(arguments + words.flatMap { ["--irreversible", $0] })
  }

  @Test func `a firmware is written by the bootloader, verified by a probe, started and left alone`() throws {
    try desk.directory.write("blink.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    let written = desk.run("\(port) --baud 921600 write --no-keep @blink.bin 0x08000000")
    #expect(written.status == .success)
    #expect(written.screen.contains("simulated USART1, 921600 8E1, ROM bootloader protocol 3.1, identifier 0x91"))
    #expect(written.screen.contains("verified"))
    #expect(written.screen.contains("the chip is in its bootloader: 'stflash reset' starts the program"))
    #expect(desk.run("--sim stm32f412ce --sim-state @b.sim verify @blink.bin 0x08000000").status == .success)
    let plan = desk.run("\(port) --baud 921600 write --plan @blink.bin 0x08000000")
    #expect(plan.output.contains("nothing to do"))
    let started = desk.run("\(port) -v reset")
    #expect(started.status == .success)
    #expect(started.screen.contains("in its program, which the bootloader has started"))
  }

  @Test func `info tells what a bootloader shows, as text and as JSON`() {
    let text = desk.run("\(port) info")
    #expect(text.output.contains("bootloader protocol 3.1, identifier 0x91\n"))
    #expect(text.output.contains("target     STM32F412 (Cortex-M4)\n"), "no revision: nobody has told it")
    #expect(text.output.contains("core       in its ROM bootloader\n"))
    let json = desk.run("\(port) --json info").output
    #expect(json.contains(#""event":"info","bootloader":{"port":"simulated USART1""#))
    #expect(json.contains(#""revisionID":null"#))
    #expect(json.contains(#""condition":"in its ROM bootloader""#))
  }

  @Test func `control lines bring the chip into its bootloader and out of it`() throws {
    try desk.directory.write("blink.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    let wired = "--sim stm32f412ce --sim-state @c.sim --sim-adapter rts-boot0 --port sim --baud 921600"
    let written = desk.run("\(wired) --boot-sequence rts-boot0 -v write --no-keep @blink.bin 0x08000000")
    #expect(written.status == .success, "\(written.screen)")
    #expect(written.screen.contains("in its program, after a reset with BOOT0 low"))
    let swapped = desk.run("\(wired) --boot-sequence dtr-boot0 info")
    #expect(swapped.status == .noTarget)
  }

  @Test func `GPIO of the computer brings the chip into its bootloader and out of it`() throws {
    try desk.directory.write("blink.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    let wired = "--sim stm32f412ce --sim-state @g.sim --sim-adapter gpio --port sim --baud 921600"
    let written = desk.run("\(wired) --boot-sequence 23&-24,24:-23&-24,24 write --no-keep @blink.bin 0x08000000")
    #expect(written.status == .success, "\(written.screen)")
    #expect(written.screen.contains("wrote"))
    #expect(desk.run("\(wired) --boot-sequence 24&-23,23 info").status == .noTarget, "wired the other way round")
    let missing = desk.run("\(wired) --boot-sequence 99 info")
    #expect(missing.status == .usage)
    #expect(missing.screen.contains("has no GPIO 99") && missing.screen.contains("gpioinfo"))
  }

  @Test func `diagnose walks by the bootloader`() {
    let good = desk.run("\(port) diagnose")
    #expect(good.status == .success)
    #expect(good.output.contains("ok       bootloader  protocol 3.1"))
    #expect(good.output.contains("ok       contents    blank"))
    let silent = desk.run("--sim stm32f412ce --port sim diagnose")
    #expect(silent.status == .noTarget)
    #expect(silent.output.contains("failed   bootloader  no bootloader answers"))
  }

  @Test func `--wait asks for the reset button`() {
    let outcome = desk.run("--sim stm32f412ce --port sim --wait 2s info")
    #expect(outcome.status == .noTarget)
    #expect(outcome.screen.contains("waiting: set BOOT0 high, BOOT1 (PB2) low, and press reset"))
  }

  @Test(arguments: ["--port sim --baud 921600", "--dfu"])
  func `OTP and an image's option bytes are written by the bootloader, and a probe finds them`(link: String) throws {
    let image = try FirmwareImage(
      joining: [
        (0x0800_0000, [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]),
        (0x1FFF_7801, Array("SERIAL".utf8)), (0x1FFF_7A01, [0x00]), (0x1FFF_C000, [0xE4, 0xAA]),
        (0x1FFF_C008, [0xFB, 0x0F]),
      ].compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
    try desk.directory.write("all.hex", try ImageWriter.write(image, as: .intelHex, name: "all.hex"))
    let byProbe = "--sim stm32f446re --sim-state @o.sim"
    let by = "\(byProbe) --sim-boot system \(link)"
    #expect(desk.run("\(by) otp show").output.contains("block 0   0x1FFF_7800"))
    #expect(desk.run("\(by) write @all.hex --with-otp --with-options").screen.contains(#"--irreversible "OTP""#))
    let written = run("\(by) write @all.hex --with-otp --with-options", irreversible: "OTP", "OTP lock 1")
    #expect(
      written.output.contains("programmed 6 bytes into OTP, locked block 1 of OTP, set BOR_LEV=2.4V, nWRP0-7=2, in "),
      "\(written.screen)")
    let verified = desk.run("\(by) verify @all.hex --with-otp --with-options")
    #expect(verified.status == .success, "\(verified.screen)")
    let otp = desk.run("\(byProbe) otp").output
    #expect(otp.contains("block 0   0x1FFF_7800  open    6 of 32 bytes programmed"), "\(otp)")
    #expect(otp.contains("block 1   0x1FFF_7820  locked"), "\(otp)")
    #expect(desk.run("\(byProbe) option").output.contains("OPTCR       0x0FFB_AAE5"))
    try desk.directory.write("ones.bin", [0xFF])
    let bits = desk.run("\(by) otp write @ones.bin 0x1FFF7801 --irreversible OTP")
    #expect(bits.status != .success && bits.screen.contains("0x1FFF_7801"), "\(bits.screen)")
    let locked = run("\(by) otp lock 2", irreversible: "OTP lock 2")
    #expect(locked.output.contains("locked block 2"), "\(locked.screen)")
  }

  @Test(arguments: ["--port sim", "--dfu"])
  func `a blank chip cannot be started, which is a failure of its own`(link: String) {
    let outcome = desk.run("--sim stm32f446re --sim-boot system \(link) reset")
    #expect(outcome.status == .notRunning)
    #expect(outcome.screen.contains("the flash holds no program that could be started"))
  }

  @Test(arguments: [("--port sim", "no bootloader answers"), ("--dfu", "no device in DFU mode")])
  func `a simulated board that starts its flash says how its bootloader is started`(link: String, summary: String) {
    let outcome = desk.run("--sim stm32f446re \(link) info")
    #expect(outcome.screen.contains(summary))
    #expect(outcome.screen.contains("--sim-boot system"), "\(outcome.screen)")
  }

  @Test(arguments: [
    ("peek 0x20000000", "a chip's bootloader cannot read single words"),
    ("poke 0x20004000 1", "a chip's bootloader cannot write single words"),
  ])
  func `what needs a debug port says so`(verb: String, sentence: String) {
    let outcome = desk.run("\(port) \(verb)")
    #expect(outcome.status == .usage)
    #expect(outcome.screen.contains(sentence))
    #expect(outcome.screen.contains("try: Do it with a probe at the chip's SWD pins"))
  }

  @Test(arguments: [
    ("--port sim info", "--port sim needs --sim TARGET."),
    ("--replay x --port /dev/ttyUSB0 info", "--replay excludes --sim, --serial and --port"),
    ("--baud 9600 info", "--baud needs --port."),
    ("--boot-sequence rts-boot0 info", "--boot-sequence needs --port."),
    ("--sim stm32f412ce --port /dev/ttyUSB0 info", "--sim has a port of its own: --port sim."),
    ("--port /dev/ttyUSB0 --freq 4M info", "--freq is for a probe, and --port takes none."),
    ("--port /dev/ttyUSB0 --connect-under-reset info", "A bootloader is not connected to under reset"),
    ("--port /dev/ttyUSB0 --baud 100 info", "not from 1200 to 4000000"),
    ("--port /dev/ttyUSB0 --boot-sequence x info", "is neither of rts-boot0"),
    ("--sim stm32f412ce --port sim diagnose --deep", "--deep and --report need a probe"),
  ])
  func `what makes no sense together is refused`(line: String, sentence: String) {
    let outcome = desk.run(line)
    #expect(outcome.status == .usage)
    #expect(outcome.screen.contains(sentence), "\(outcome.screen)")
  }

  @Test(arguments: [
    ("/dev/ttyNONE", "there is no serial port /dev/ttyNONE"), ("/dev/null", "/dev/null is no serial port"),
  ])
  func `what is no port says so`(path: String, sentence: String) {
    #expect(desk.run("--port \(path) info").screen.contains(sentence))
  }
}
