import Failures
import TestSupport
import Testing

@testable import stflash

/// What the libraries' remedies are called on the command line.
struct RemedyWordsTests {
  private static let all: [Remedy] = [
    .chooseProbe, .listProbes, .installAccessRule, .simulate, .connectUnderReset, .setClock(kHz: nil), .setBaudRate,
    .useUSBBootloader, .setBootSequence,
    .setClock(kHz: 480), .nameChip, .nameFlashSize, .listChips, .nameSupply(millivolts: nil),
    .nameSupply(millivolts: 3300), .nameProgrammingVoltage, .setWidth(bits: 8), .withoutLoader, .eraseAll,
    .liftWriteProtection, .liftAllProtection, .includeOptions, .includeOTP, .allowErase,
    .allowIrreversible(words: "OTP"), .reset, .identify,
    .diagnose, .testSector, .tellMore, .serveOtherwise,
  ]

  @Test func `every remedy is looked at here`() throws {
    let declared = try PackageFiles.lines(below: "Sources/Failures").filter { $0.file.hasSuffix("/Remedy.swift") }
      .compactMap { $0.code.firstMatch(of: /^  case (\w+)/).map { String($0.1) } }
    #expect(!declared.isEmpty)
    #expect(Set(declared) == Set(Self.all.map { String("\($0)".prefix { $0 != "(" }) }), "name it in `all`")
  }

  @Test(arguments: all)
  func `words name commands and options that there are`(remedy: Remedy) throws {
    let root = try #require(KnownCommand.root)
    for words in remedy.words.split(separator: ", ").map({ $0.split(separator: " ").map(String.init) }) {
      var command = root
      var rest = words.drop { $0 == "or" }
      if rest.first == "stflash" {
        rest = rest.dropFirst()
        while let name = rest.first, let next = command.subcommands?.first(where: { $0.names.contains(name) }) {
          command = next
          rest = rest.dropFirst()
        }
        #expect(command.commandName != root.commandName, "\(words)")
      }
      let options = Set(command.allOptions.flatMap(\.spellings))
      for option in rest where option.hasPrefix("--") && option != "--" {
        #expect(options.contains(option), "\(words.joined(separator: " "))")
      }
    }
    if remedy == .installAccessRule { _ = try PackageFiles.text("udev/70-stflash.rules") }
  }

  /// Whoever reads them as JSON or as text types what they say.
  @Test func `a sentence of a library is told in the words of the command line`() {
    #expect(
      Advice.connectUnderReset.words == "Connect under reset (--connect-under-reset), with NRST wired to the probe")
    #expect(Advice.slowDown.words == "Lower the SWD clock, for example --freq 480k")
    #expect(FailureCause.breakpointLeft.remedies.map(\.words) == ["Take it out with stflash reset, or cycle the power"])
    let supply = FailureCause.referenceOpen.remedies.map(\.words).joined()
    #expect(supply.contains("for example --voltage 3.3: it decides how fast the flash is programmed"))
  }
}
