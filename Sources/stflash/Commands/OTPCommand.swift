import ArgumentParser
import Engine

/// `otp`: the bytes that can be programmed once.
struct OTPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "otp", abstract: "The bytes that can be programmed once.",
    discussion: """
      16 blocks of 32 bytes from 0x1FFF7800 on, each with a lock byte. Bits go from 1 to 0 and never back; a locked block stays \
      as it is. No erase touches them, and at read protection level 1 a debugger neither reads nor programs them.
      """,
    subcommands: [OTPShowCommand.self, OTPWriteCommand.self, OTPLockCommand.self],
    defaultSubcommand: OTPShowCommand.self)
}
