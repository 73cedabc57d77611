import Basics
import Engine
import TestSupport
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Files, addresses and names that cannot be: what is said, and that nothing was touched.
struct BadInputTests {
  private let desk = SimulatedDesk()

  /// Runs a command line that has to fail before it prints any result.
  private func refusal(_ line: String, _ status: stflash.ExitStatus, sourceLocation: SourceLocation = #_sourceLocation)
    -> String
  {
    let outcome = desk.run(line)
    #expect(outcome.status == status, "\(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    return outcome.error
  }

  @Test func `a file that is not there`() {
    #expect(
      refusal("--sim stm32f407vg write @none.bin 0x08000000", .file) == """
        stflash: error: cannot read "@none.bin": no such file or directory
          try: Check the name and the current directory

        """)
  }

  @Test func `a directory instead of a file`() {
    #expect(refusal("--sim stm32f407vg write @ 0x08000000", .file).contains("it is a directory"))
  }

  @Test func `an empty file`() throws {
    try desk.directory.write("a.bin", [])
    #expect(refusal("--sim stm32f407vg write @a.bin 0x08000000", .file).contains("a.bin"))
  }

  @Test func `a hex file with a wrong checksum, named by its line`() throws {
    try desk.directory.write("a.hex", Array(":020000040800F2\n:0400000001020304F3\n:00000001FF\n".utf8))
    #expect(refusal("--sim stm32f407vg write @a.hex", .file).contains("line 2"))
  }

  @Test func `a hex file that ends in the middle`() throws {
    try desk.directory.write("a.hex", Array(":020000040800F2\n:040000000102".utf8))
    #expect(refusal("--sim stm32f407vg write @a.hex", .file).contains("line 2"))
  }

  @Test func `a truncated ELF`() throws {
    let elf = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.elf"))
    try desk.directory.write("a.elf", Array(elf[..<60]))
    #expect(refusal("--sim stm32f407vg write @a.elf", .file).hasPrefix("stflash: error: "))
  }

  @Test func `an ELF where a raw binary is expected is not flashed raw`() throws {
    let elf = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.elf"))
    try desk.directory.write("a.bin", elf)
    let error = refusal("--sim stm32f407vg write --format binary @a.bin 0x08000000", .file)
    #expect(error.contains("ELF"))
  }

  @Test func `a raw binary without an address`() throws {
    try desk.directory.write("a.bin", [1, 2, 3])
    #expect(refusal("--sim stm32f407vg write @a.bin", .usage).contains("0x0800_0000"))
  }

  @Test func `a file larger than the flash`() throws {
    try desk.directory.write("a.bin", SeededGenerator.content(129 * 1024, seed: 25))
    let error = refusal("--sim stm32f401rb write @a.bin 0x08000000", .usage)
    #expect(error.contains("129 KiB for 128 KiB") && error.contains("0x0801_FFFF"))
  }

  @Test(arguments: ["0x20000000", "0x08100000", "0", "0xFFFFFFF0"])
  func `an address outside the flash, with the ranges shown`(address: String) throws {
    try desk.directory.write("a.bin", [1, 2, 3, 4])
    let error = refusal("--sim stm32f407vg write @a.bin \(address)", .usage)
    #expect(error.contains("0x0800_0000"), "\(error)")
  }

  @Test func `a program at an address that no linker chooses`() throws {
    try desk.directory.write("a.bin", SeededGenerator.content(100, seed: 26))
    #expect(
      refusal("--sim stm32f407vg write @a.bin 0x08000002", .usage) == """
        stflash: error: a.bin: the file begins with a vector table, which the core cannot use at 0x0800_0002
          The file was read as raw binary
          initial stack pointer 0x2000_1000, reset handler 0x0800_0041
          try: Give the address at which the firmware is linked; flash begins at 0x0800_0000
          try: To write the file's own bytes to flash all the same, give --as-is

        """)
  }

  @Test func `data go to any address, as they do from a HEX file`() throws {
    try desk.directory.write("a.bin", [1, 2, 3])
    #expect(desk.run("--sim stm32f407vg --sim-state @s write @a.bin 0x08004001").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s read @b.hex 0x08004001 3").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s verify @b.hex").status == .success)
  }

  @Test func `what is no program is not written to where the chip starts`() throws {
    try desk.directory.write("a.bin", [UInt8](repeating: 0xA5, count: 100))
    #expect(
      refusal("--sim stm32f407vg write @a.bin 0x08000000", .file) == """
        stflash: error: a.bin: the bytes for the start of the flash are no program that the chip could start
          The file was read as raw binary
          initial stack pointer 0xA5A5_A5A5, reset handler 0xA5A5_A5A5
          try: Check that the file is a raw binary for this chip
          try: If it is data, give the address for them
          try: To write the file's own bytes to flash all the same, give --as-is

        """)
    #expect(desk.run("--sim stm32f407vg --sim-state @s write --as-is @a.bin 0x08000000").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s verify @a.bin 0x08000000").status == .success)
  }

  private static let foreignFiles: [(String, [UInt8])] = [
    ("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0]), ("zip", [0x50, 0x4B, 3, 4, 0, 0, 0, 0]),
    ("ar archive", Array("!<arch>\n".utf8)),
    ("Git LFS", Array("version https://git-lfs.github.com/spec/v1\n".utf8)),
    ("HTML", Array("<!DOCTYPE html><p>".utf8)),
    ("UTF-16", [0xFF, 0xFE] + ":00000001FF".utf8.map { [$0, 0] }.joined()),
  ]

  @Test(arguments: foreignFiles)
  func `a file that is no firmware is refused by name, and taken as it is on request`(name: String, bytes: [UInt8])
    throws
  {
    try desk.directory.write("fw.bin", bytes)
    for verb in ["write", "verify", "--format binary write"] {
      let error = refusal("--sim stm32f407vg \(verb) @fw.bin 0x08004000", .file)
      #expect(error.contains(name) && error.contains("and no firmware\n"), "\(error)")
      #expect(error.contains("--as-is"))
    }
    #expect(desk.run("--sim stm32f407vg --sim-state @s write --as-is @fw.bin 0x08004000").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s verify --as-is @fw.bin 0x08004000").status == .success)
  }

  @Test func `a DFU suffix is not flashed, and that is said`() throws {
    let code = try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin"))
    // What dfu-suffix -v 0483 -p df11 -a appends to blink.bin.
    let suffix: [UInt8] = [
      0xFF, 0xFF, 0x11, 0xDF, 0x83, 0x04, 0x00, 0x01, 0x55, 0x46, 0x44, 0x10, 0x79, 0x1C, 0xAE, 0x31,
    ]
    try desk.directory.write("firmware.bin", code + suffix)
    let outcome = desk.run("--sim stm32f407vg --sim-state @s write @firmware.bin 0x08000000")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("left out of firmware.bin: the DFU suffix, 16 bytes at the end of the file"))
    #expect(outcome.output.contains(" \(code.count.grouped) bytes"))
    #expect(desk.run("--sim stm32f407vg --sim-state @s read @b.bin 0x08000000 \(code.count + 16)").status == .success)
    #expect(try desk.read("b.bin") == code + [UInt8](repeating: 0xFF, count: 16))
  }

  @Test func `the bytes of a HEX file are flashed as they are only when that is asked for`() throws {
    let text = Array(":020000040800F2\n:0400000001020304F2\n:00000001FF\n".utf8)
    try desk.directory.write("a.bin", text)
    let refused = refusal("--sim stm32f407vg --format binary write @a.bin 0x08000000", .file)
    #expect(refused.contains("Intel HEX") && refused.contains("--as-is"), "\(refused)")
    #expect(desk.run("--sim stm32f407vg --sim-state @s write --as-is @a.bin 0x08000000").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-state @s read @b.bin 0x08000000 \(text.count)").status == .success)
    #expect(try desk.read("b.bin") == text)
  }

  @Test func `what an image holds outside the flash is named, and left out on request`() throws {
    let pieces: [(UInt32, [UInt8])] = [
      (0x0800_0000, SeededGenerator.content(64, seed: 27)), (0x1000_0000, [1, 2, 3]), (0x1FFF_C000, [0xEF]),
      (0x9000_0000, [UInt8](repeating: 7, count: 2048)),
    ]
    let image = try FirmwareImage(joining: pieces.compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
    try desk.directory.write("a.hex", ImageWriter.intelHex(image))
    #expect(
      refusal("-q --sim stm32f407vg --sim-state @s write @a.hex", .usage) == """
        stflash: error: the image does not fit: it has bytes for core-coupled memory (RAM); for option bytes; for memory \
        outside the chip (FSMC, FMC, QUADSPI)
          0x1000_0000 to 0x1000_0002, 3 bytes: core-coupled memory (RAM)
          0x1FFF_C000 to 0x1FFF_C000, 1 byte: option bytes
          0x9000_0000 to 0x9000_07FF, 2 KiB: memory outside the chip (FSMC, FMC, QUADSPI)
          the flash of STM32F405/407/415/417 is 0x0800_0000 to 0x080F_FFFF
          nothing was touched
          the core is locked up: the flash is blank
          try: Give initialised data a load address in the flash (AT> in the linker script); RAM loses it
          try: To set the option bytes that the image holds, ask for it (--with-options)
          try: Write the part outside the chip by a program that runs on the board
          try: To write the rest, give --only-flash

        """)
    for verb in ["write", "verify"] {
      let outcome = desk.run("--sim stm32f407vg --sim-state @s \(verb) --only-flash @a.hex")
      #expect(outcome.status == .success)
      #expect(outcome.output.contains(" 64 bytes"))
      #expect(outcome.error.contains("left out of a.hex: 0x9000_0000 to 0x9000_07FF, 2 KiB: memory outside the chip"))
      #expect(outcome.error.contains("left out of a.hex: 0x1FFF_C000 to 0x1FFF_C000, 1 byte: option bytes"))
    }
  }

  @Test func `only-flash is no way round an image that is not for the chip at all`() throws {
    let segment = try #require(FirmwareImage.Segment(address: 0, bytes: SeededGenerator.content(64, seed: 28)))
    try desk.directory.write("a.hex", ImageWriter.intelHex(try FirmwareImage(joining: [segment])))
    let error = refusal("--sim stm32f407vg write --only-flash @a.hex", .usage)
    #expect(error.contains("a.hex holds nothing for the flash"))
    #expect(refusal("--sim stm32f407vg write @a.hex", .usage).contains("Link the image for 0x0800_0000"))
  }

  @Test(
    arguments: zip(
      [
        "read @f 0x08000000 2M", "read @f 0x08100000 4", "read @f 0x20000000 1M", "erase 0xFFFFFFF0 16",
        "--area otp read @f 0x08000000 16", "--area otp read @f 0x1FFF7A00 17", "--area ram read @f 0x1FFF7800 4",
      ],
      [
        "0x0800_0000 to 0x081F_FFFF runs past the end of the main flash", "is not in the main flash",
        "runs past the end of the RAM", "0xFFFF_FFF0 to 0xFFFF_FFFF is not in the flash", "is not in the OTP area",
        "runs past the end of the OTP area", "is not in the RAM",
      ]))
  func `a range that is not where it has to be is refused at once`(line: String, reason: String) {
    let error = refusal("-q --sim stm32f407vg \(line)", .usage)
    #expect(error.contains(reason), "\(error)")
    #expect(!error.contains("clone"))
  }

  @Test func `the last address there is can be asked for`() {
    let outcome = desk.run("-q --sim stm32f407vg read @f 0xFFFFFFFF 1")
    #expect(!outcome.error.contains("past the last address"), "\(outcome.error)")
    #expect(desk.run("-q --sim stm32f407vg --area otp read @f 0x1FFF7800 16").status == .success)
  }

  @Test func `an address that overflows with the file's size`() throws {
    try desk.directory.write("a.bin", [1, 2, 3, 4])
    #expect(desk.run("--sim stm32f407vg write @a.bin 0xFFFFFFFE").status != .success)
    #expect(desk.run("--sim stm32f407vg read @b.bin 0xFFFFFFF0 32").status == .usage)
    #expect(desk.directory.names == ["a.bin"])
  }

  @Test func `an erase that is no sector's`() {
    #expect(refusal("--sim stm32f407vg erase 0x08000010 16k", .usage).contains("sector"))
    #expect(refusal("--sim stm32f407vg erase --sector 12", .usage).contains("12"))
  }

  @Test func `a chip is never taken for one of another die`() {
    let state = "--sim-state @s"
    #expect(desk.run("--sim stm32f407vg \(state) info").status == .success)
    for verb in [
      "unprotect --sectors", "unprotect --erase-everything", "erase --all", "info", "read @b.bin 0x08000000 4",
    ] {
      for word in ["", "--force-chip"] {
        let error = refusal("--sim stm32f407vg \(state) --chip stm32f429zi \(word) \(verb)", .noTarget)
        #expect(error.contains("the chip is no STM32F429ZI: it is an STM32F405/407/415/417"), "\(error)")
      }
    }
  }

  @Test func `a foreign chip needs two words, and another STM32 none helps`() {
    let h7 = "--sim stm32f407vg --sim-fault foreign-id=0x450"
    for words in ["", "--chip stm32f407vg", "--chip stm32f407vg --force-chip"] {
      #expect(refusal("\(h7) \(words) info", .noTarget).contains("STM32H74x/75x"))
    }
    let copy = "--sim stm32f407vg --sim-fault foreign-id=0x344"
    #expect(refusal("\(copy) info", .noTarget).contains("--chip stm32f407vg --force-chip"))
    #expect(refusal("\(copy) --chip stm32f407vg info", .noTarget).contains("--force-chip"))
    #expect(refusal("\(copy) --force-chip info", .usage).contains("needs --chip"))
    let taken = desk.run("\(copy) --chip stm32f407vg --force-chip info")
    #expect(taken.status == .success)
    #expect(taken.error.contains("which is no STM32"))
  }

  @Test(arguments: [14, 17, 20])
  func `a clone of a firmware older than it says writes all the same, at the clock of power-up`(level: Int) throws {
    try desk.directory.write("fw.bin", [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF])
    let bench = "--sim stm32f407vg --sim-probe v2 --sim-fault probe-clone=\(level) --sim-state @c\(level)"
    let written = desk.run("\(bench) write @fw.bin 0x08000000")
    #expect(written.status == .success, "\(written.error)")
    #expect(written.error.contains("SWD at 1.8 MHz"), "\(written.error)")
    #expect(desk.run("--sim stm32f407vg --sim-state @c\(level) verify @fw.bin 0x08000000").status == .success)
  }

  @Test func `a target that nobody knows`() {
    #expect(refusal("--sim nonsense info", .usage).contains("nonsense"))
    #expect(refusal("--sim stm32f207zg --sim-probe v9 info", .usage).contains("v9"))
    #expect(refusal("--sim stm32f207zg --sim-voltage 5 info", .usage).contains("5,000 mV"))
    #expect(refusal("--sim stm32f207zg --chip stm32f999zz info", .usage).lowercased().contains("stm32f999zz"))
    #expect(refusal("info --sim-state x", .usage).contains("need --sim"))
    #expect(refusal("info --sim-boot sram", .usage).contains("need --sim"))
    #expect(refusal("--sim stm32f207zg --sim-boot rom info", .usage).contains("flash"))
  }

  @Test func `a state file that is none, is damaged, newer, or another chip's stays untouched`() throws {
    #expect(desk.run("--sim stm32f207zg --sim-state @s info").status == .success)
    let good = try desk.read("s")
    var damaged = good
    damaged[damaged.count / 2] ^= 0x40
    var newer = good
    newer[12] = 99
    for (name, bytes, reason) in [
      ("none", Array("hello".utf8), "no state"), ("damaged", damaged, "damaged"), ("newer", newer, "99"),
      ("empty", [], "no state"),
    ] {
      try desk.directory.write(name, bytes)
      let error = refusal("--sim stm32f207zg --sim-state @\(name) info", .file)
      #expect(error.contains(reason), "\(name): \(error)")
      #expect(error.contains("the file is untouched"))
      #expect(try desk.read(name) == bytes)
    }
    let error = refusal("--sim stm32f407vg --sim-state @s erase --all", .file)
    #expect(error.contains("stm32f207zg") || error.contains("STM32F207ZG"), "\(error)")
    #expect(try desk.read("s") == good)
    #expect(desk.directory.names == ["damaged", "empty", "newer", "none", "s"])
  }

  @Test func `a state file that another run is using`() throws {
    let lock = try FileLock(for: desk.directory.file("s"))
    #expect(
      refusal("--sim stm32f207zg --sim-state @s info", .file).hasPrefix(
        "stflash: error: cannot use \"@s\": another stflash is using it\n"))
    _ = consume lock
  }

  @Test func `a disk that is full when the read is done`() throws {
    var desk = desk
    try desk.directory.write("b.bin", [7])
    desk.bench.files.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    let outcome = desk.run("--sim stm32f207zg read @b.bin 0x08000000 1k")
    #expect(outcome.status == .file)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("stflash: error: cannot write \"@b.bin\": no space left on device\n"))
    #expect(try desk.read("b.bin") == [7])
    #expect(desk.directory.names == ["b.bin"])
  }

  @Test func `a disk that is full when the state is saved`() throws {
    var desk = desk
    #expect(desk.run("--sim stm32f207zg --sim-state @s info").status == .success)
    let before = try desk.read("s")
    desk.bench.files.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    let outcome = desk.run("--sim stm32f207zg --sim-state @s erase --sector 0")
    #expect(outcome.status == .file)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("what the file held before is untouched"))
    #expect(try desk.read("s") == before)
    #expect(desk.directory.names == ["s"])
  }

  @Test func `a directory that is not there is found before the chip is read`() {
    let outcome = desk.run("--sim stm32f207zg read @none/b.bin 0x08000000 1k")
    #expect(outcome.status == .file)
    #expect(outcome.error.hasPrefix("stflash: error: cannot write \"@none/b.bin\": no such file or directory\n"))
  }

  @Test func `a firmware that is not the one on the chip`() throws {
    try desk.directory.write("a.bin", [UInt8](repeating: 0x5A, count: 100))
    let outcome = desk.run("--sim stm32f207zg verify @a.bin 0x08000000")
    #expect(outcome.status == .verify)
    #expect(outcome.output == "")
    #expect(
      outcome.error.contains(
        "stflash: error: verification failed at 0x0800_0000: expected 0x5A, found 0xFF\n"), "\(outcome.error)")
    #expect(outcome.error.contains("100 of 100 bytes differ"))
  }
}
