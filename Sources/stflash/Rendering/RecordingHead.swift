import Basics
import Engine
import LinkInterface
import Trace

/// What a recording says of itself, above its operations.
struct RecordingHead: CommandResult {
  private let session: Recording

  let name = "recording"
  let isConfirmation = false

  /// Describes a session.
  init(_ session: Recording) {
    self.session = session
  }

  private var ids: String? {
    session.identity.map { identity in
      [identity.vendorID, identity.productID].map { String(UInt32($0) + 0x10000, radix: 16).dropFirst() }
        .joined(separator: ":")
    }
  }

  var members: [JSONMember] {
    [
      JSONMember("usbID", .optional(ids)), JSONMember("product", .optional(session.identity?.product)),
      JSONMember("serial", .optional(session.identity?.serial?.text)),
      JSONMember("transfers", .integer(session.exchanges.count)), JSONMember("seconds", .seconds(session.duration)),
      JSONMember(
        "metadata", .array(session.metadata.map { .strings([$0.key, $0.value]) })),
      JSONMember("masks", .strings(session.masks.map(\.text))),
    ]
  }

  var lines: [String] {
    let device = [ids, session.identity?.product, session.identity?.serial?.text].compactMap { $0 }
    let figures = "\(session.exchanges.count.of("transfer")) in \(session.duration.wording)"
    return ["# \((device + [figures]).joined(separator: ", "))"]
      + session.metadata.map { "# \($0.key): \($0.value)" } + session.masks.map { "# mask: \($0.text)" }
  }
}

/// A recording in the text form.
struct RawRecording: CommandResult {
  let text: String

  let name = "raw"
  let isConfirmation = false
  let isVerbatim = true

  var members: [JSONMember] { [JSONMember("text", .string(text))] }

  var lines: [String] { [text.hasSuffix("\n") ? String(text.dropLast()) : text] }
}
