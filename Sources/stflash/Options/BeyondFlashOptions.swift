import ArgumentParser
import Basics
import Engine

/// What `write` may do outside of the flash.
struct BeyondFlashOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write there and not to the flash, as st-flash does: otp FILE [ADDRESS]; option, optcr or optcr1 and a word such as "
        + "0x0FFFAAEC.", valueName: "area"))
  var area: NamedArea?

  @Flag(help: "Allow option bytes that erase the whole flash.")
  var eraseEverything = false

  @Option(
    help: ArgumentHelp(
      "Allow what cannot be undone, by its words: \"OTP\", \"RDP level 2\", ...", valueName: "words"))
  var irreversible: [String] = []

  /// The register that is to be set in place of the flash.
  var register: OptionField.Register? { area?.writtenRegister }

  /// What is allowed.
  var permissions: OptionPermissions {
    OptionPermissions(mayEraseEverything: eraseEverything, commitments: irreversible)
  }
}

// What of a plan is done outside of the flash.
extension ImagePlan {
  /// What was done there, a clause each.
  var otherDeeds: [String] {
    var deeds: [String] = []
    if let otp, otp.byteCount > 0 { deeds.append("programmed \(otp.byteCount.inBytes) into OTP") }
    if let otp, !otp.lockedBlocks.isEmpty {
      deeds.append("locked \(otp.lockedBlocks.map { "block \($0)" }.joined(separator: " and ")) of OTP")
    }
    if let options, !options.isEmpty { deeds.append("set \(options.valuesInWords)") }
    return deeds
  }

  /// The same for JSON.
  var otherFacts: [JSONMember] {
    [
      JSONMember("otpBytes", otp.map { .integer($0.byteCount) } ?? .null),
      JSONMember("otpLockedBlocks", otp.map { .array($0.lockedBlocks.map { .integer($0) }) } ?? .null),
      JSONMember("optionChanges", options.map { .array($0.changes.map(\.value)) } ?? .null),
    ]
  }
}
