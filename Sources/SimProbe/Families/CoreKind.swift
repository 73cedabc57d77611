/// The processor core of a chip.
enum CoreKind: Equatable, Sendable {
  /// Cortex-M3 r2p0: every F2.
  case cortexM3
  /// Cortex-M4 r0p1 with a single-precision floating-point unit: every F4.
  case cortexM4F

  /// The core as the data sheets name it.
  var name: String {
    switch self {
    case .cortexM3: "Cortex-M3 r2p0"
    case .cortexM4F: "Cortex-M4F r0p1"
    }
  }
}
