/// An option of another tool, and what it is here.
///
/// Sources: the command lines that pyOCD (docs/), probe-rs (`probe-rs help`) and STM32CubeProgrammer (UM2237) document.
enum ForeignOption {
  /// Our option, which takes the value as it is, or is a flag as theirs is.
  case renamed(String)
  /// A value that is an argument of its own here: the address of a raw binary.
  case address
  /// Nothing is to be given for it; the reason in a sentence.
  case needless(String)
  /// Depends on the value.
  case byValue([String: [String]], otherwise: String)

  /// What an option of another tool is here, and whether it takes a value there.
  struct Entry {
    var takesValue: Bool
    var meaning: ForeignOption
  }

  static let names: [String: Entry] = {
    var names: [String: Entry] = [:]
    for (words, takesValue, meaning) in table {
      for word in words { names[word] = Entry(takesValue: takesValue, meaning: meaning) }
    }
    return names
  }()

  private static let verified = "a write is verified anyway"
  private static let started = "after a write the chip is reset and runs anyway"

  private static let table: [([String], Bool, ForeignOption)] = [
    (["--speed", "--frequency", "-f", "--swd-freq", "--clock"], true, .renamed("--freq")),
    (["--target", "-t", "--device", "--part", "--mcu"], true, .renamed("--chip")),
    (["--probe", "-u", "--uid", "--sn", "--serial-number"], true, .renamed("--serial")),
    (["--binary-format", "--file-format", "--type"], true, .renamed("--format")),
    (["--base-address", "-a", "--address", "--addr", "--offset"], true, .address),
    (
      ["--chip-erase", "--eraseall", "--masserase", "--mass-erase", "--mass", "--full-erase"], false,
      .renamed("--erase-all")
    ),
    (["--preverify", "--only-changed", "--incremental"], false, .renamed("--skip-equal")),
    (["--disable-progressbars", "--silent", "--no-progress"], false, .renamed("--quiet")),
    (["--dry-run", "--noop", "--simulate"], false, .renamed("--plan")),
    (["--under-reset", "--connect-reset"], false, .renamed("--connect-under-reset")),
    (["--hotplug", "--attach"], false, .renamed("--hot-plug")),
    (["--skip-verify", "--noverify"], false, .renamed("--no-verify")),
    (["--raw", "--force-binary"], false, .renamed("--as-is")),
    (["--verify", "-v"], false, .needless(verified)),
    (["--run", "--go", "-rst", "-hardRst", "--start", "-g", "--exit"], false, .needless(started)),
    (["--protocol", "--interface", "--transport"], true, .needless("SWD is the only protocol")),
    (
      ["--restore-unwritten", "--keep-unwritten", "--allow-erase-all", "--non-interactive", "--yes", "-y"], false,
      .needless("it is the default, or there is nothing to allow")
    ),
    (
      ["--erase", "-e"], true,
      .byValue(
        ["chip": ["--erase-all"], "all": ["--erase-all"]],
        otherwise: "the sectors that the file touches are erased anyway")
    ),
    (
      ["--connect", "-M"], true,
      .byValue(
        ["under-reset": ["--connect-under-reset"], "attach": ["--hot-plug"]], otherwise: "connecting halts as it has to"
      )
    ),
  ]
}
