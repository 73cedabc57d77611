import Basics
import Engine
import LinkInterface

/// What `info` and the messages say of a chip's bootloader on USB.
struct DFUFacts: LinkFacts {
  let description: DFUDescription
  let isSimulated: Bool
  let name = "dfu"
  let title = "device"

  var members: [JSONMember] {
    [
      JSONMember("location", .optional(location)), JSONMember("usbID", .string(usbID)),
      JSONMember("serial", .optional(description.device.serial?.text)),
      JSONMember("product", .optional(description.device.product)),
      JSONMember("version", .string(description.versionName)),
      JSONMember("blockBytes", .integer(description.blockByteCount)),
      JSONMember("identifier", description.identifier.map { .integer(Int($0)) } ?? .null),
      JSONMember("uniqueID", .optional(uniqueID)),
      JSONMember(
        "memories",
        .array(
          description.memories.map { memory in
            .object([
              JSONMember("alternate", .integer(Int(memory.alternate))), JSONMember("name", .string(memory.name)),
              JSONMember("bytes", .integer(memory.byteCount)),
            ])
          })),
      JSONMember("simulated", .boolean(isSimulated)),
    ]
  }

  var line: String { "\(location ?? "simulated") \(usbID), serial \(serial), ROM bootloader \(version)" }

  var rows: [(String, String)] {
    let memories = description.memories.map { "\($0.alternate) \($0.name) \($0.byteCount.byteSize)" }
    return [
      ("device", "\(usbID)\(location.map { " at \($0)" } ?? ", simulated")"),
      ("serial", serial),
      ("bootloader", version),
      ("memories", memories.isEmpty ? "none named" : memories.joined(separator: ", ")),
      ("unique id", uniqueID ?? "not readable"),
    ]
  }

  private var serial: String { description.device.serial?.text ?? "not readable" }
  private var location: String? { isSimulated ? nil : description.device.location.path }

  private var usbID: String {
    Hexadecimal.usbIDs(vendorID: description.device.vendorID, productID: description.device.productID)
  }

  private var version: String {
    "DFU \(description.versionName)"
      + (description.identifier.map { ", identifier \(Hexadecimal.byte($0))" } ?? "")
  }

  private var uniqueID: String? { description.uniqueID.map { Hexadecimal.text($0) } }
}
