/// A verb of another tool, and what it is here.
///
/// Sources: the command lines that pyOCD (docs/), probe-rs (`probe-rs help`), OpenOCD (flash commands of its manual),
/// cargo-embed, PlatformIO and STM32CubeProgrammer (UM2237) document.
struct ForeignVerb {
  /// What is to be typed here, verb first.
  var ours: [String]
  /// Whether the arguments have another order or meaning here, so that `ours` shows placeholders instead.
  var isTemplate = false

  static let names: [String: ForeignVerb] = {
    var names: [String: ForeignVerb] = [:]
    for (words, ours, isTemplate) in table {
      for word in words { names[word] = ForeignVerb(ours: ours, isTemplate: isTemplate) }
    }
    return names
  }()

  private static let table: [([String], [String], Bool)] = [
    (
      ["flash", "load", "program", "download", "burn", "prog", "write_image", "deploy", "install"], ["write"],
      false
    ),
    (["dump", "save", "savemem", "dump_image", "upload", "backup"], ["read", "FILE", "ADDRESS", "SIZE"], true),
    (
      [
        "mass_erase", "mass-erase", "masserase", "erase-all", "erase_all", "eraseall", "chip-erase", "chiperase",
        "wipe",
      ],
      ["erase", "--all"], false
    ),
    (["probe", "probes", "devices", "ls", "scan", "detect"], ["list"], false),
    (["target", "status", "chipid", "chip-info", "descr", "show"], ["info"], false),
    (["verify_image", "compare", "check"], ["verify"], false),
    (["restart", "reboot", "go", "start", "resume"], ["reset"], false),
    (["halt", "stop"], ["reset", "--halt"], false),
    (["unlock", "readunprotect", "recover"], ["unprotect", "--erase-everything"], true),
    (["options", "option-bytes", "option_bytes", "optionbytes", "ob", "fuse", "fuses"], ["option"], false),
    (["lock", "readprotect"], ["protect", "--read"], true),
    (["mdw", "read32", "rw", "md"], ["peek"], false),
    (["mww", "write32", "ww", "mw"], ["poke"], false),
    (["simulate", "simulator"], ["sim", "list"], true),
    (["gdbserver", "gdb-server", "dap-server", "debug", "debugserver"], ["gdb"], false),
    (["doctor", "debug-probe", "troubleshoot"], ["diagnose"], false),
  ]

  /// Words that OpenOCD's `program` takes behind the file, for what is done here anyway.
  static let fillers: Set<String> = ["verify", "reset", "exit", "preverify"]

  /// The names of programs, in front of a line that is theirs.
  static let programs: Set<String> = [
    "st-flash", "st-info", "st-util", "openocd", "pyocd", "probe-rs", "cargo-flash", "cargo-embed", "dfu-util",
    "stm32_programmer_cli", "stflash",
  ]

  /// Verbs of servers, which this program is for GDB only.
  static let servers: Set<String> = ["server", "openocd", "pyocd", "rtt"]
}
