/// Another program's name by which this one was called, by a link: its command line is taken then.
enum FrontEnd: Equatable {
  /// st-util of stlink: a debug server.
  case stUtil

  /// The front end of a program's path; nil for this program's own name.
  init?(program path: String) {
    switch path.split(separator: "/").last {
    case "st-util": self = .stUtil
    default: return nil
    }
  }

  /// A command line that cannot be taken over, and why.
  struct Refusal: Error, Equatable {
    let text: String
  }

  /// The same command line in this program's own words.
  func translated(_ arguments: [String]) throws(Refusal) -> [String] {
    switch self {
    case .stUtil: try StUtilArguments.translated(arguments)
    }
  }
}

/// The command line of st-util 1.7 and 1.8 (st-util(1)).
private enum StUtilArguments {
  /// The port that st-util listens on where nothing is said.
  private static let usualPort = "4242"

  static func translated(_ arguments: [String]) throws(FrontEnd.Refusal) -> [String] {
    var (port, options, isMulti, isQuiet) = (usualPort, [String](), false, true)
    var semihosting = false
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let (name, attached) = split(word)
      func value() throws(FrontEnd.Refusal) -> String {
        if let attached { return attached }
        guard let next = rest.popFirst() else { throw FrontEnd.Refusal(text: "st-util: \(name) needs a value") }
        return next
      }
      switch name {
      case "-p", "--listen_port": port = try value()
      case "-m", "--multi": isMulti = true
      case "-n", "--no-reset", "--hot-plug": options.append("--hot-plug")
      case "-u", "--connect-under-reset": options.append("--connect-under-reset")
      case "--serial": options += ["--serial", try value()]
      case "-F", "--freq": options += ["--freq", frequency(try value())]
      case "--semihosting": semihosting = true
      case "-v", "--verbose": isQuiet = false
      // The version of the protocol of the probe, and its sub-version: found out by itself.
      case "-s", "--stlink_version", "-1": if name == "-s" { _ = try value() }
      case "-h", "--help": return ["gdb", "--help"]
      case "-V", "--version": return ["--version"]
      // What says which simulated board it is, for this program's own tests.
      case "--sim", "--sim-state", "--sim-probe": options += [name, try value()]
      default: throw FrontEnd.Refusal(text: "st-util: unknown option '\(word)'")
      }
    }
    var ours = ["gdb", "--port", port, "--as-st-util"]
    if !isMulti { ours.append("--once") }
    if !semihosting { ours.append("--no-semihosting") }
    if !isQuiet { ours.append("--verbose") }
    return ours + options
  }

  /// `--name=value` and `-v99` in two.
  private static func split(_ word: String) -> (name: String, attached: String?) {
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }
    if word.hasPrefix("-v"), word.dropFirst(2).allSatisfy(\.isNumber) { return ("-v", nil) }
    return (word, nil)
  }

  /// A bare number is in kHz there.
  private static func frequency(_ text: String) -> String { Int(text) == nil ? text : text + "k" }
}
