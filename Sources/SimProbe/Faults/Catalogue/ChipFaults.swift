/// The chip itself.
extension FaultKind {
  static let chip: [FaultKind] = []
}
