import Basics
import SimProbe

extension UnmodelledAccess {
  /// The access in a sentence.
  var sentence: String {
    let direction = value.map { "written (\($0.hexadecimal))" } ?? "read"
    let origin = programCounter.map { "by the instruction at \($0.hexadecimal)" } ?? "by the debugger"
    let times = count == 1 ? "once" : "\(count.grouped) times"
    return "\(fact): \(byteCount.byteSize) \(direction) \(times), first \(origin)"
  }

  /// What there is at the address.
  private var fact: String {
    let place = "\(peripheral ?? "no memory and no peripheral") at \(address.hexadecimal)"
    return switch reason {
    case .noModel: "\(place) is not modelled"
    case .noClock: "\(place) had no clock"
    case .noFunction: "\(peripheral ?? "it") keeps its registers and does nothing (\(address.hexadecimal))"
    case .notReady: "no memory answers at \(address.hexadecimal): none is there, or its initialisation is missing"
    case .nothingThere: place
    }
  }

  /// The access as JSON.
  var members: [JSONMember] {
    [
      JSONMember("peripheral", peripheral.map(JSONValue.string) ?? .null),
      JSONMember("address", .integer(Int(address))),
      JSONMember("bytes", .integer(byteCount)), JSONMember("value", value.map { .integer(Int($0)) } ?? .null),
      JSONMember("reason", .string(reason.rawValue)),
      JSONMember("programCounter", programCounter.map { .integer(Int($0)) } ?? .null),
      JSONMember("count", .integer(count)),
    ]
  }
}
