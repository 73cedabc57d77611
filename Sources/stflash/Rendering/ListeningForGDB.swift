/// Where GDB can connect now.
struct ListeningForGDB: CommandResult {
  let address: String
  let port: UInt16
  /// Whether development environments wait for the line that st-util prints.
  let saysAsStUtil: Bool

  let name = "serving"
  /// Whoever starts the server waits for this line.
  let isConfirmation = false
  let isVerbatim = true

  var members: [JSONMember] {
    [
      JSONMember("address", .string(address)), JSONMember("port", .integer(Int(port))),
      JSONMember("protocol", .string("gdb")),
    ]
  }

  var lines: [String] {
    saysAsStUtil
      ? ["Listening at *:\(port)..."]
      : ["listening for GDB at \(address):\(port): target extended-remote :\(port)"]
  }
}

/// The end of a debug server.
struct DebuggingEnd: CommandResult {
  let name = "debugged"
  let isConfirmation = true
  let members: [JSONMember] = []
  let lines = ["GDB has gone; nothing of a debugger is left in the chip"]
}
