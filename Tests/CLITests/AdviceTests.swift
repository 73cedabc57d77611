import Testing

@testable import stflash

/// Command lines that are not ours: what is told, and that nothing is done.
struct AdviceTests {
  private let bench = CommandLineBench()

  @Test(
    arguments: zip(
      [
        "flash fw.hex", "wriet fw.hex", "--sim stm32f407vg flash fw.hex", "Write fw.hex", "fw.hex",
        "verfy fw.bin 0x8000000",
        "--sim nucleo-f207zg --reset wriet fw.bin 0x8000000", "lst", "diagnos", "mass_erase",
        // pyOCD
        "flash -t stm32f407vg -f 4M fw.elf", "load --target stm32f407vg fw.bin -a 0x08000000",
        "flash -e chip -M under-reset fw.hex", "flash --erase=sector fw.hex",
        // probe-rs
        "download --chip STM32F407VG --speed 4000 --protocol swd fw.elf",
        "download --binary-format bin --base-address 0x08000000 --verify fw.bin", "download --chip-erase fw.hex",
        // OpenOCD
        "program fw.elf verify reset exit",
        // options in a verb
        "write --speed 4000 fw.hex", "write -hot-plug fw.hex", "info -hot-plug", "write --skip-equals fw.hex",
        "write --erase-al fw.hex", "info --connect-under-rest", "sim lst", "trace shwo s.pcapng",
        // st-info, dfu-util, CubeProgrammer
        "--probe", "--descr", "-a 0 -s 0x08000000:leave -D fw.bin", "-U back.bin -s 0x08000000:1024",
        "-c port=SWD -w fw.elf -v -rst", "-c port=SWD freq=4000 mode=UR -w fw.bin 0x08000000", "-c port=swd -e all",
        "-c port=SWD -r 0x08000000 0x1000 back.bin", "-c port=SWD -rst",
        // with the program's name in front
        "st-flash write fw.bin 0x08000000", "st-flash --reset wriet fw.bin 0x08000000", "st-info --probe",
        "pyocd flash -t stm32f407vg fw.hex", "probe-rs download --chip stm32f407vg fw.elf",
        "openocd -f board/x.cfg -c program_none", "STM32_Programmer_CLI -c port=SWD -w fw.elf",
        // numbers first, words for everything, options of other verbs
        "write 0x08000000 fw.bin", "verify --reset 0x08000000 fw.bin", "read 0x08000000 16k back.bin", "erase all",
        "erase chip", "erase --mass", "erase --mass-erase", "sim list --sim stm32f407vg",
        "--sim stm32f407vg --sim stm32f411re sim list",
      ],
      [
        "stflash write fw.hex", "stflash write fw.hex", "stflash write --sim stm32f407vg fw.hex",
        "stflash write fw.hex",
        "stflash write fw.hex", "stflash verify fw.bin 0x8000000",
        "stflash write --sim nucleo-f207zg --reset fw.bin 0x8000000", "stflash list", "stflash diagnose",
        "stflash erase --all",
        "stflash write --chip stm32f407vg --freq 4M fw.elf", "stflash write --chip stm32f407vg fw.bin 0x08000000",
        "stflash write --erase-all --connect-under-reset fw.hex", "stflash write fw.hex",
        "stflash write --chip STM32F407VG --freq 4000 fw.elf",
        "stflash write --format bin fw.bin 0x08000000", "stflash write --erase-all fw.hex",
        "stflash write fw.elf",
        "stflash write --freq 4000 fw.hex", "stflash write --hot-plug fw.hex", "stflash info --hot-plug",
        "stflash write --skip-equal fw.hex", "stflash write --erase-all fw.hex", "stflash info --connect-under-reset",
        "stflash sim list", "stflash trace show s.pcapng",
        "stflash list", "stflash info", "stflash write fw.bin 0x08000000", "stflash read back.bin 0x08000000 1024",
        "stflash write fw.elf", "stflash write fw.bin 0x08000000 --freq 4000 --connect-under-reset",
        "stflash erase --all",
        "stflash read back.bin 0x08000000 0x1000", "stflash reset",
        "stflash write fw.bin 0x08000000", "stflash write --reset fw.bin 0x08000000", "stflash list",
        "stflash write --chip stm32f407vg fw.hex", "stflash write --chip stm32f407vg fw.elf",
        "stflash info", "stflash write fw.elf",
        "stflash write fw.bin 0x08000000", "stflash verify --reset fw.bin 0x08000000",
        "stflash read back.bin 0x08000000 16k", "stflash erase --all",
        "stflash erase --all", "stflash erase --all", "stflash erase --all", "stflash sim list", "stflash sim list",
      ]))
  func `the line that does it here is told`(line: String, ours: String) {
    let outcome = bench.run(line)
    #expect(outcome.status == .usage)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("stflash: error: "))
    #expect(outcome.error.contains("\n  try: \(ours)\n"), "\(outcome.error)")
  }

  /// Whatever is told can be typed: it gets past the grammar.
  @Test(arguments: [
    "flash -t stm32f407vg -f 4M none.elf", "download --chip stm32f407vg --speed 4000 --restore-unwritten none.elf",
    "-c port=SWD freq=4000 -w none.bin 0x08000000 -v", "write --speed 4000 --verify none.hex",
  ])
  func `the line that is told is understood`(line: String) throws {
    let told = try #require(bench.run(line).error.split(separator: "\n").first { $0.hasPrefix("  try: stflash ") })
    let outcome = bench.run(String(told.dropFirst("  try: stflash ".count)))
    #expect(outcome.status == .file, "\(outcome.error)")
  }

  @Test func `a script of OpenOCD is read for what it does`() {
    let outcome = bench.run(["-f", "board/st_nucleo_f4.cfg", "-c", "init; program fw.elf verify reset exit"])
    #expect(
      outcome.error == """
        stflash: error: that is a command line of OpenOCD
          try: stflash write fw.elf

        """)
    let erase = bench.run(["-f", "x.cfg", "-c", "init; stm32f2x mass_erase 0; shutdown"])
    #expect(erase.error.contains("try: stflash erase --all\n"))
  }

  @Test func `what is done anyway is said, and its opposite is not proposed`() {
    let outcome = bench.run("write --verify fw.hex")
    #expect(
      outcome.error == """
        stflash: error: "write" has no option --verify
          try: Leave --verify out: a write is verified anyway
          try: stflash write fw.hex

        """)
  }

  @Test func `pyOCD's way to erase everything is the flag here`() {
    #expect(bench.run("erase --chip").error.contains("\n  try: stflash erase --all\n"))
  }

  @Test(arguments: ["8000000", "8004000", "20000000"])
  func `a decimal number that is an address without its 0x is refused`(text: String) {
    let outcome = bench.run("write fw.bin \(text)")
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains("did you mean 0x\(text)?"), "\(outcome.error)")
    #expect(bench.run("write fw.bin 134217728").status == .file)
  }

  @Test(arguments: ["gdbserver", "server", "openocd", "rtt"])
  func `who wants a debug server is told its name`(verb: String) {
    #expect(bench.run(verb).error.contains("\n  try: stflash gdb\n"))
  }

  @Test func `advice is an event under --json`() {
    let outcome = bench.run("--json wriet fw.hex")
    #expect(outcome.status == .usage)
    #expect(outcome.error == "")
    #expect(outcome.output.contains(#""summary":"there is no command \"wriet\"","#), "\(outcome.output)")
    #expect(outcome.output.contains(#""remedies":["stflash write --json fw.hex"]"#))
  }

  @Test func `what resembles nothing gets the list of commands`() {
    let outcome = bench.run("frobnicate")
    #expect(outcome.error.contains("there is no command \"frobnicate\""))
    #expect(outcome.error.contains("The commands are write, verify, read, erase"))
  }

  @Test func `an option for which there is nothing here is named`() {
    let outcome = bench.run("write --flux-capacitor fw.hex")
    #expect(outcome.error.contains("\"write\" has no option --flux-capacitor"))
    #expect(outcome.error.contains("--flux-capacitor has no counterpart here"))
  }

  @Test(
    arguments: zip(
      ["nucleo-f207z", "nucleof446re", "stm32f407", "stm32f470vg", "stm32f4discovry"],
      ["nucleo-f207zg", "nucleo-f446re", "stm32f407ie", "stm32f407vg", "stm32f4discovery"]))
  func `an unknown simulated target gets the nearest names`(name: String, nearest: String) {
    let outcome = bench.run("--sim \(name) info")
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains("Did you mean --sim \(nearest)?"), "\(outcome.error)")
    #expect(outcome.error.count < 400)
  }

  @Test(arguments: ["-h", "write -h", "write -vh"])
  func `help is still help`(line: String) {
    #expect(bench.run(line).status == .success)
  }

  @Test(arguments: [("write", "wriet", 1), ("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3)])
  func `letters that differ are counted`(first: String, second: String, count: Int) {
    #expect(Likeness.distance(first, second) == count)
    #expect(Likeness.distance(second, first) == count)
  }
}
