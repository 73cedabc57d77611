import Basics
import Engine

/// The bytes that can be programmed once, block by block.
struct OTPResult: CommandResult {
  /// How the chip is called.
  let deviceName: String
  /// What is in them.
  let contents: OTPContents

  let name = "otp"
  let isConfirmation = false

  var lines: [String] {
    let rows = contents.blocks.map { block in
      [
        "block \(block.number)", block.address.hexadecimal, OTPResult.condition(of: block),
        block.programmedByteCount == 0 ? "" : "\(block.programmedByteCount) of \(block.bytes.count.inBytes) programmed",
      ]
    }
    return ["OTP of \(deviceName)"]
      + zip(Table(rows: rows).lines, contents.blocks).flatMap { line, block in
        [line] + (block.programmedByteCount == 0 ? [] : OTPResult.bytes(of: block))
      }
  }

  private static func condition(of block: OTPContents.Block) -> String {
    if block.isLocked { return "locked" }
    return block.hasOddLock ? "lock byte \(Hexadecimal.byte(block.lock)), which is neither open nor locked" : "open"
  }

  private static func bytes(of block: OTPContents.Block) -> [String] {
    stride(from: 0, to: block.bytes.count, by: 16).map { start in
      "  " + Hexadecimal.text(block.bytes[start..<start + 16], separator: " ")
    }
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(deviceName)),
      JSONMember(
        "blocks",
        .array(
          contents.blocks.map { block in
            .object([
              JSONMember("number", .integer(block.number)), JSONMember("address", .integer(Int(block.address))),
              JSONMember("locked", .boolean(block.isLocked)), JSONMember("lock", .integer(Int(block.lock))),
              JSONMember("programmedBytes", .integer(block.programmedByteCount)),
              JSONMember("data", .string(Hexadecimal.text(block.bytes))),
            ])
          })),
    ]
  }
}
