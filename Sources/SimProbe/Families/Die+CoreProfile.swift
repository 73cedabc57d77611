extension Die {
  /// The core to build for this die; ICTR counts interrupt lines in groups of 32.
  var coreProfile: CoreProfile {
    let lines = 32 * Int(interruptControllerType + 1)
    // NVIC_ISER decides how many lines exist; the manuals' vector tables end before the last group does.
    let implemented = min(lines, interruptControllerType == 2 ? 82 : 98)
    return switch core {
    case .cortexM3: .cortexM3r2p0(interruptLines: min(implemented, 81))
    case .cortexM4F: .cortexM4r0p1(interruptLines: implemented)
    }
  }
}
