/// Command lines of tools that have options in place of verbs.
enum ForeignCommandLine {
  /// What a line of STM32CubeProgrammer, OpenOCD, dfu-util or st-info is here; nil where it is none of theirs.
  static func advice(on arguments: [String]) -> CommandAdvice? {
    cubeProgrammer(arguments) ?? openOCD(arguments) ?? dfuUtil(arguments) ?? stInfo(arguments)
  }

  /// `-c port=SWD freq=4000 mode=UR -w f.elf 0x08000000 -v -rst` (UM2237, 3.2).
  private static func cubeProgrammer(_ arguments: [String]) -> CommandAdvice? {
    let lower = arguments.map { $0.lowercased() }
    guard lower.contains(where: { $0.hasPrefix("port=") }) else { return nil }
    var options: [String] = []
    for argument in lower {
      if argument.hasPrefix("freq=") { options += ["--freq", String(argument.dropFirst(5))] }
      if argument == "mode=ur" { options.append("--connect-under-reset") }
      if argument == "mode=hotplug" { options.append("--hot-plug") }
    }
    for argument in arguments where argument.lowercased().hasPrefix("sn=") {
      options += ["--serial", String(argument.dropFirst(3))]
    }
    let values = { (names: [String]) -> [String]? in
      guard let index = lower.firstIndex(where: names.contains) else { return nil }
      return Array(arguments[(index + 1)...].prefix { !$0.hasPrefix("-") })
    }
    var lines: [[String]] = []
    if let erased = values(["-e", "--erase"]) {
      lines.append(["erase"] + (erased == ["all"] || erased.isEmpty ? ["--all"] : erased.flatMap { ["--sector", $0] }))
    }
    if let written = values(["-w", "--write", "-d", "--download"]) { lines.append(["write"] + written) }
    if let read = values(["-r", "--read", "-u", "--upload"]), read.count >= 3 {
      lines.append(["read", read[2], read[0], read[1]])
    }
    if values(["-rdu", "--readunprotect"]) != nil { lines.append(["unprotect", "--erase-everything"]) }
    if let options = values(["-ob", "--optionbytes"]) {
      lines.append(["option"] + options.filter { !["displ", "list"].contains($0.lowercased()) })
    }
    if lines.isEmpty { lines.append([lower.contains("-rst") || lower.contains("-hardrst") ? "reset" : "info"]) }
    return answer("STM32CubeProgrammer", lines.map { $0 + options })
  }

  /// `-f interface/stlink.cfg -c "program f.elf verify reset exit"` (OpenOCD User's Guide, 12.4).
  private static func openOCD(_ arguments: [String]) -> CommandAdvice? {
    let scripts = zip(arguments, arguments.dropFirst()).filter { $0.0 == "-c" || $0.0 == "--command" }.map(\.1)
    let configured = zip(arguments, arguments.dropFirst()).contains { $0.0 == "-f" && $0.1.hasSuffix(".cfg") }
    guard configured || !scripts.isEmpty else { return nil }
    var lines: [[String]] = []
    for command in scripts.flatMap({ $0.split(separator: ";") }) {
      let words = command.split(separator: " ").map(String.init)
      let place = words.drop { ["flash", "stm32f2x", "stm32f4x", "init"].contains($0) }
      let values = place.dropFirst().filter { !ForeignVerb.fillers.contains($0) && !["erase", "unlock"].contains($0) }
      switch place.first {
      case "program", "write_image", "write_bank": lines.append(["write"] + values)
      case "verify_image": lines.append(["verify"] + values)
      case "dump_image", "read_image": lines.append(["read"] + values)
      case "mass_erase": lines.append(["erase", "--all"])
      case "erase_address": lines.append(["erase"] + values)
      default: break
      }
    }
    return answer("OpenOCD", lines.isEmpty ? [["info"]] : lines)
  }

  /// `-a 0 -s 0x08000000:leave -D f.bin` (dfu-util(1)).
  private static func dfuUtil(_ arguments: [String]) -> CommandAdvice? {
    let value = { (names: [String]) -> String? in
      arguments.firstIndex(where: names.contains).flatMap { arguments.dropFirst($0 + 1).first }
    }
    let place = value(["-s", "--dfuse-address"])?.split(separator: ":").map(String.init) ?? []
    if let file = value(["-D", "--download"]) { return answer("dfu-util", [["write", file] + place.prefix(1)]) }
    guard let file = value(["-U", "--upload"]) else { return nil }
    return answer("dfu-util", [["read", file] + place.prefix(2)])
  }

  /// `--probe`, `--descr` and the like without a verb (st-info --help).
  private static func stInfo(_ arguments: [String]) -> CommandAdvice? {
    guard let option = arguments.first, arguments.count == 1 else { return nil }
    switch option {
    case "--probe", "--list", "-l": return answer("st-info", [["list"]])
    case "--descr", "--chipid", "--sram", "--pagesize": return answer("st-info", [["info"]])
    default: return nil
    }
  }

  private static func answer(_ tool: String, _ lines: [[String]]) -> CommandAdvice {
    CommandAdvice(summary: "that is a command line of \(tool)", remedies: lines.map(CommandAdvice.line))
  }
}
