import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The command line: arguments in, rendered results and exit codes out.
@main
struct Stflash: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stflash",
    abstract: "Programs STM32F2 and STM32F4 chips through ST-LINK probes, real or simulated.",
    discussion: """
      Options may stand before or after the verb, as in st-flash. Numbers are decimal, 0x hexadecimal, 0b binary or, \
      with a leading 0, octal; k and M mean 1024 and 1,048,576.
      """,
    version: BuildFacts.versionLine,
    subcommands: [
      WriteCommand.self, VerifyCommand.self, ReadCommand.self, EraseCommand.self, ResetCommand.self,
      RunCommand.self, AttachCommand.self, GDBCommand.self,
      ListCommand.self, InfoCommand.self, DiagnoseCommand.self, OptionCommand.self, ProtectCommand.self,
      UnprotectCommand.self, OTPCommand.self, PeekCommand.self, PokeCommand.self, TraceCommand.self, SimCommand.self,
    ])

  /// The program's version; `CHANGELOG.md` has the same.
  static let version = "0.1.0"

  /// Runs the command line of this process.
  static func main() {
    StandardStreams.occupy()
    SignalHandling.install()
    let application = Application(
      console: .process(), files: FileSystem(), bus: USBProbeBus(), interruption: SignalHandling.interruption)
    // Swift asks /proc for the command line. Without an answer there is no program's name either, and `write` would look
    // like a call for help, and succeed.
    let words = CommandLine.arguments
    let status =
      words.isEmpty
      ? application.refuseUnknownCommandLine() : application.run(Array(words.dropFirst()), calledAs: words[0])
    #if canImport(Glibc)
    Glibc.exit(status.rawValue)
    #else
    Darwin.exit(status.rawValue)
    #endif
  }
}
