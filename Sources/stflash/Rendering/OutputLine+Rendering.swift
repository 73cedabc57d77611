import Basics
import Engine

extension OutputLine {
  /// The members of the JSON event.
  ///
  /// Bytes that are no UTF-8 text are told as they are, too: no byte is lost.
  var members: [JSONMember] {
    let text = self.text
    return [
      JSONMember("source", .string(source.name)), JSONMember("text", .string(text)),
      JSONMember("complete", .boolean(isComplete)), JSONMember("seconds", .seconds(time)),
    ] + (chipTime.map { [JSONMember("chipSeconds", .seconds($0))] } ?? [])
      + (Array(text.utf8) == bytes ? [] : [JSONMember("bytes", .string(Hexadecimal.text(bytes)))])
  }
}

extension Duration {
  /// Seconds with six digits behind the point: "0.001234".
  var inMicroseconds: String {
    let microseconds = Int((self / .microseconds(1)).rounded())
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
  }
}
