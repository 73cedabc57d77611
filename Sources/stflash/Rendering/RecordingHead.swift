import Basics
import Engine
import LinkInterface
import Trace

/// What a recording says of itself, above its operations.
struct RecordingHead: CommandResult {
  private let ids: String?
  private let product: String?
  private let serial: String?
  private let count: (number: Int, what: String)
  private let duration: Duration
  private let metadata: [MetadataEntry]
  private let masks: [MaskRule]

  let name = "recording"
  let isConfirmation = false

  /// Describes a session with a USB device.
  init(_ session: Recording) {
    ids = session.identity.map { identity in
      [identity.vendorID, identity.productID].map { String(UInt32($0) + 0x10000, radix: 16).dropFirst() }
        .joined(separator: ":")
    }
    product = session.identity?.product
    serial = session.identity?.serial?.text
    count = (session.exchanges.count, "transfer")
    duration = session.duration
    metadata = session.metadata
    masks = session.masks
  }

  /// Describes a session on a serial line.
  init(_ session: SerialRecording) {
    ids = nil
    product = session.settings.map { "serial line, \($0.name)" } ?? "serial line"
    serial = nil
    count = (session.calls.count, "call")
    duration = session.duration
    metadata = session.metadata
    masks = []
  }

  var members: [JSONMember] {
    [
      JSONMember("usbID", .optional(ids)), JSONMember("product", .optional(product)),
      JSONMember("serial", .optional(serial)),
      JSONMember("transfers", .integer(count.number)), JSONMember("seconds", .seconds(duration)),
      JSONMember(
        "metadata", .array(metadata.map { .strings([$0.key, $0.value]) })),
      JSONMember("masks", .strings(masks.map(\.text))),
    ]
  }

  var lines: [String] {
    let device = [ids, product, serial].compactMap { $0 }
    let figures = "\(count.number.of(count.what)) in \(duration.wording)"
    return ["# \((device + [figures]).joined(separator: ", "))"]
      + metadata.map { "# \($0.key): \($0.value)" } + masks.map { "# mask: \($0.text)" }
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
