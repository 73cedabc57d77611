import Failures
import Testing

@testable import stflash

/// What the command line takes and refuses, before any probe is looked for.
struct GrammarTests {
  private let bench = CommandLineBench()

  @Test(
    arguments: [
      "write fw.bin 0x08000000", "--reset write fw.bin 0x8000000", "--debug --reset write fw.bin 0x8000000",
      "--format ihex write fw.hex", "--format=ihex --reset write fw.hex", "--serial 1234 write fw.bin 0x8000000",
      "--serial=1234 --freq=1800k write fw.bin 0x8000000", "--freq 4M --connect-under-reset write fw.bin 0x8000000",
      "--flash=128k write fw.bin 0x8000000", "--opt --mass-erase write fw.bin 134217728",
      "--hot-plug write fw.bin 01000000000",
    ])
  func `st-flash's lines to write are understood as far as the file`(line: String) {
    let outcome = bench.run(line)
    #expect(outcome.status == .file)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("stflash: error: cannot read \"fw."))
  }

  @Test(
    arguments: [
      "erase", "--connect-under-reset erase", "erase 0x8000000 16k", "reset", "--serial 12 reset", "info",
      "read /dev/null 0x8000000 0x1000", "--area=system read /dev/null 0x1FFF0000 1k", "--area otp read /dev/null",
      "--area=option read", "--area optcr read", "--area=option read /dev/null 4", "--area=option write 0x0FFFAAED",
      "--area optcr write 268413677", "--area=optcr1 write 0x0FFF0000", "--format ihex read /dev/null 0x8000000 4k",
    ])
  func `st-flash's other lines are understood as far as the probe`(line: String) {
    let outcome = bench.run(line)
    #expect(outcome.status == .noProbe, "\(outcome)")
    #expect(outcome.error.hasPrefix("stflash: error: no probe that can debug is plugged in\n"))
  }

  @Test(
    arguments: zip(
      [
        "erase 0x08000000 0", "erase 0x08000000", "erase --all --sector 1", "erase 0x08000000 16k --all",
        "read x.bin 0x08000000", "read x.bin 0x08000000 0", "read", "read --area option_boot_add",
        "read --format elf x.elf", "write", "write fw.bin 08000000", "write fw.bin 0x100000000", "erase -5 3",
        "write fw.bin 0x08000000 --width 24", "--quiet --verbose info", "info --freq 0", "info --voltage 3,3",
        "--format nonsense write fw.bin", "info --connect-under-reset --hot-plug", "read x.bin --area optcr",
        "nonsense", "--sim stm32f207zg --serial 12 info", "--area=option write 0", "--area=option write fw.bin",
        "--area=option write 0x0FFFAAED 0x08000000", "--area=system write fw.bin 0x1FFF0000",
        "--area=option_boot_add write 0x20", "--area=optcr write 0x0FFFAAED --erase-all",
      ],
      [
        "A range of 0 bytes erases nothing", "A range needs an address and a size",
        "A range, --sector and --all exclude each other", "A range, --sector and --all exclude each other",
        "A range needs an address and a size", "A range of 0 bytes holds nothing to read", "A file is needed",
        "No STM32F2 or STM32F4 has boot addresses", "A file can be written as binary, ihex or srec, not as elf",
        "Missing expected argument '<file>'", "did you mean 0x08000000?", "beyond 0xFFFF_FFFF",
        "'-5' is negative", "The value '24' is invalid", "--quiet and --verbose exclude each other",
        "out of range", "not a voltage", "The value 'nonsense' is invalid", "Value to be set with flag",
        "optcr is one register, which is shown", "there is no command \"nonsense\"",
        "--sim and --serial exclude each other", "0 would protect every sector", "takes one word, the register's bits",
        "takes one word, the register's bits", "Nothing can write system memory",
        "No STM32F2 or STM32F4 has boot addresses",
        "--erase-all is for the flash",
      ]))
  func `what makes no sense is refused with its reason`(line: String, reason: String) {
    let outcome = bench.run(line)
    #expect(outcome.status == .usage)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("stflash: error: "))
    #expect(outcome.error.contains(reason), "\(outcome.error)")
  }

  @Test func `a wrong command line is an event under --json`() {
    let outcome = bench.run("--json erase 0x08000000 0")
    #expect(outcome.status == .usage)
    #expect(outcome.error == "")
    #expect(
      outcome.output == """
        {"event":"error","category":"usage","exitCode":64,"summary":"A range of 0 bytes erases nothing; the whole \
        flash is erased with --all.","evidence":[],"causes":[],"remedies":["stflash help VERB tells what each verb takes"]}
        {"event":"end","exitCode":64,"status":"usage"}

        """)
  }

  @Test func `help and version go to stdout`() {
    for line in ["--help", "help", "write --help", "--help write", "help write", "--version", ""] {
      let outcome = bench.run(line)
      #expect(outcome.status == .success, "\(line)")
      #expect(outcome.error == "", "\(line)")
      #expect(!outcome.output.isEmpty, "\(line)")
    }
    let version = bench.run("--version").output
    #expect(version.hasPrefix("stflash \(Stflash.version), commit "))
    #expect(version.contains("traits"))
    #expect(bench.run("help write").output.contains("USAGE: stflash write"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are generated`(shell: String) {
    let outcome = bench.run("--generate-completion-script \(shell)")
    #expect(outcome.status == .success)
    #expect(outcome.output.contains("---complete"))
  }

  @Test func `results that nobody could be told are no success`() {
    var full = bench
    full.outputFailure = 28
    let outcome = full.run("list")
    #expect(outcome.status == .file)
    #expect(outcome.error.hasPrefix("stflash: error: cannot write standard output: no space left on device"))
  }
}
