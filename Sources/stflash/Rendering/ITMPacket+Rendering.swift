import Engine

extension ITMPacket.ExceptionEvent {
  /// A stable name.
  var name: String {
    switch self {
    case .entered: "entered"
    case .exited: "exited"
    case .returnedTo: "returnedTo"
    }
  }

  /// The step as the beginning of a sentence.
  var words: String {
    switch self {
    case .entered: "entered"
    case .exited: "left"
    case .returnedTo: "back in"
    }
  }

  /// What has happened to which exception: "entered SysTick".
  func sentence(_ number: Int) -> String { "\(words) \(ITMPacket.exceptionName(number))" }
}

extension ITMPacket {
  /// The name of an exception by its number.
  static func exceptionName(_ number: Int) -> String { CoreException(number: number)?.description ?? "the program" }
}
