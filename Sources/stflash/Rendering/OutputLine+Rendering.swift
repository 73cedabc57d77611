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
    ] + (Array(text.utf8) == bytes ? [] : [JSONMember("bytes", .string(Hexadecimal.text(bytes)))])
  }
}
