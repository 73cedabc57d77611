/// The probe and its USB cable.
extension FaultKind {
  static let probe: [FaultKind] = []
}
