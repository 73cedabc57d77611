// What the program says beside semihosting.
extension Debugger {
  /// Listens to RTT while the program runs.
  public func listen(_ options: RTTOptions) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in try voices.listen(options) }
  }

  /// Listens to SWO while the program runs; it takes the pin PB3 from the program.
  public func listen(_ options: SWOOptions) throws(SessionError) {
    do throws(SWOError) { try voices.listen(options) } catch { throw .trace(error) }
  }

  /// Listens to RTT no more.
  public func stopRTT() throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in try voices.stopRTT() }
  }

  /// Listens to SWO no more, and gives back what it has taken.
  public func stopSWO() throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in try voices.stopSWO() }
  }

  /// Whether RTT is looked for.
  public var listensToRTT: Bool { voices.listensToRTT }
}
