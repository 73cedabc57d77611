/// The trace units beside the DWT: registers that keep what is written to them.
struct TraceUnits {
  /// ITM.
  var instrumentation: RegisterBank
  /// TPIU.
  var port: RegisterBank
  /// ETM.
  var embedded: RegisterBank

  /// The units as at power-on.
  init(_ profile: CoreProfile) {
    instrumentation = .instrumentationTrace(profile)
    port = .tracePort(profile)
    embedded = .embeddedTrace(profile)
  }
}
