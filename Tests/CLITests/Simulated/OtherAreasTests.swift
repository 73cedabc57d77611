import Engine
import Testing

@testable import stflash

/// What is written beside the flash: by st-flash's `--area`, and by images that hold option bytes or bytes for OTP.
struct OtherAreasTests {
  private let desk = SimulatedDesk()
  private static let program: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  private func run(_ line: String, _ irreversible: String..., chip: String = "stm32f446re") -> CommandLineBench.Outcome
  {
    let words = "--sim \(chip) --sim-state @\(chip).state \(line)".split(separator: " ").map { word in
      word.hasPrefix("@") ? desk.directory.file(String(word.dropFirst())) : String(word)
    }
    return desk.run(words + irreversible.flatMap { ["--irreversible", $0] })
  }

  private func put(_ name: String, _ pieces: (UInt32, [UInt8])...) throws {
    let image = try FirmwareImage(joining: pieces.compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
    let format: ImageFormat = name.hasSuffix(".hex") ? .intelHex : .sRecord
    try desk.directory.write(name, try ImageWriter.write(image, as: format, name: name))
  }

  // MARK: - st-flash's lines

  @Test func `a register is written as a word and read as one`() {
    #expect(
      run("--area=option write 0x0FFFAAE5").output.hasPrefix("set BOR_LEV=2.4V in STM32F446, read back and loaded"))
    #expect(run("--area=option read").output.hasPrefix("OPTCR  0x0FFF_AAE5\n0x1FFF_C000  0xFFFF_AAE4\n"))
    #expect(run("--area optcr write 268413677 --plan").output.contains("BOR_LEV  2.4V (0b01)  off (0b11)"))
    #expect(run("--area optcr write 268413677").status == .success)
    #expect(run("--area=optcr read").output == "OPTCR  0x0FFF_AAED\n")
    #expect(run("--area=optcr1 write 0x0FFF0000").error.contains("STM32F446 has no option bytes called OPTCR1"))
    let second = run("--area=optcr1 write 0x0FFD0000", chip: "stm32f429zi")
    #expect(second.output.hasPrefix("set nWRP12-23=13 in "), "\(second.screen)")
  }

  @Test func `a word has the same safety as a name`() {
    let closing = run("--area=option write 0x0FFFCCED")
    #expect(closing.status == .usage)
    #expect(closing.error.contains(#"--irreversible "RDP level 2""#), "\(closing.error)")
    #expect(run("--area=option write 0x82FFAAED").error.contains(#"--irreversible "PCROP""#))
    #expect(run("--area=option write 0x0FFFAAE1 --voltage 2.6").error.contains("the chip would never start again"))
    #expect(run("--area=option write 0x0FFF55ED").status == .success)
    #expect(run("--area=option read").output == "OPTCR  0x0FFF_55ED\n", "at level 1 the registers alone")
    #expect(run("--area=option write 0x0FFFAAED").error.contains("that erases the whole flash"))
    #expect(run("--area=option write 0x0FFFAAED --erase-everything").status == .success)
  }

  @Test func `OTP is written by its area, and read by it`() throws {
    try desk.directory.write("key.bin", [1, 2, 3, 4])
    #expect(run("--area=otp write @key.bin 0x1FFF7820").error.contains(#"--irreversible "OTP""#))
    #expect(run("--area=otp write @key.bin 0x1FFF7820 --plan").output.contains("program 0x1FFF_7820 to 0x1FFF_7823"))
    let done = run("--area=otp write @key.bin 0x1FFF7820", "OTP")
    #expect(done.output.hasPrefix("programmed 4 bytes of key.bin into OTP of STM32F446 at 0x1FFF_7820, verified,"))
    #expect(run("--area=otp read @back.bin").status == .success)
    let back = try desk.read("back.bin")
    #expect(back.count == 528 && Array(back[32..<36]) == [1, 2, 3, 4])
    let elsewhere = run("--area=otp write @key.bin 0x08000000", "OTP")
    #expect(elsewhere.error.contains("holds bytes that are not for OTP"), "\(elsewhere.error)")
  }

  // MARK: - Images

  @Test(arguments: ["all.hex", "all.srec"])
  func `what an image holds for OTP and option bytes is written when it is asked for, in this order, and verified`(
    name: String
  ) throws {
    try put(
      name, (0x0800_0000, Self.program), (0x1FFF_7800, Array("SERIAL".utf8)), (0x1FFF_7A00, [0x00]),
      (0x1FFF_C000, [0xE4, 0xAA]), (0x1FFF_C008, [0xFB, 0x0F]))
    let refused = run("write @\(name)")
    #expect(refused.status == .usage)
    #expect(refused.error.contains("ask for it (--with-otp)") && refused.error.contains("ask for it (--with-options)"))
    let silent = run("write @\(name) --with-otp --with-options", "OTP")
    #expect(silent.error.contains(#"--irreversible "OTP lock 0""#), "\(silent.error)")
    #expect(run("read @back.bin 0x08000000 4").status == .success)
    #expect(try desk.read("back.bin") == [0xFF, 0xFF, 0xFF, 0xFF], "refused before anything was touched")
    let plan = run("write @\(name) --with-otp --with-options --plan").output
    let places = ["program 0x0800_0000", "then OTP", "lock    block 0", "then the option bytes", "BOR_LEV  off"]
      .map { plan.firstRange(of: $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(plan)")

    let done = run("write @\(name) --with-otp --with-options", "OTP", "OTP lock 0")
    #expect(
      done.output.contains(
        "verified, programmed 6 bytes into OTP, locked block 0 of OTP, set BOR_LEV=2.4V, nWRP0-7=2, in "),
      "\(done.screen)")
    #expect(run("otp").output.contains("block 0   0x1FFF_7800  locked  6 of 32 bytes programmed"))
    #expect(run("option").output.contains("OPTCR       0x0FFB_AAE5"))
    #expect(run("verify @\(name) --with-otp --with-options").status == .success)
    #expect(run("write @\(name) --with-otp --with-options").output.contains("already, nothing was written in "))
    #expect(run("option nRST_STOP=0").status == .success)
    let other = run("verify @\(name) --with-otp --with-options")
    #expect(other.status == .verify)
    #expect(other.error.contains("the option bytes differ: nRST_STOP is reset (0), not no-reset (1)"), "\(other.error)")
    #expect(run("verify @\(name) --with-otp --only-flash").status == .success)
  }

  @Test func `option bytes that would erase or recut what is written are refused`() throws {
    try put("fw.hex", (0x0800_0000, Self.program), (0x1FFF_C008, [0xFF, 0x0F]))
    try put("cut.hex", (0x0800_0000, Self.program), (0x1FFF_C008, [0xFF, 0x4F]))
    try put("closing.hex", (0x0800_0000, Self.program), (0x1FFF_C008, [0x02, 0x80]))
    #expect(run("write @closing.hex --with-options").error.contains(#"--irreversible "PCROP""#))
    #expect(run("write @closing.hex --with-options", "PCROP").output.contains("set SPRMOD=PCROP, nWRP0-7=1"))
    let erasing = run("write @fw.hex --with-options --erase-everything")
    #expect(erasing.error.contains("can only be set with an erase of the whole flash"), "\(erasing.error)")
    let recut = run("write @cut.hex --with-options", chip: "stm32f429zg")
    #expect(recut.error.contains("cut the flash otherwise (DB1M)"), "\(recut.error)")
    let none = run("write @cut.hex --with-options", chip: "stm32f429zi")
    #expect(none.error.contains("DB1M is for chips with 1 MiB of flash"), "\(none.error)")
  }
}
