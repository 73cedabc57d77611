import ArgumentParser

/// How far `diagnose` goes, and what becomes of its findings.
struct DiagnosingOptions: ParsableArguments {
  @Flag(help: "Also halt the core and write to its RAM; what was there is put back.")
  var deep = false

  @Option(
    help: ArgumentHelp(
      "With --deep: also erase and program this sector; what was there is put back.", valueName: "number"),
    transform: Number.index)
  var deepFlashSector: Int?

  @Option(
    help: ArgumentHelp(
      "Put everything that a bug report needs into this .zip file or folder, without serial numbers.",
      valueName: "file.zip|folder"),
    completion: .file())
  var report: String?

  func validate() throws {
    if deepFlashSector != nil && !deep {
      throw ValidationError("--deep-flash-sector needs --deep.")
    }
  }
}
