import ArgumentParser
import Engine

/// What `read --area` can name; the names are st-flash's where it has them.
enum ReadArea: String, ExpressibleByArgument, CaseIterable {
  case main
  case system
  case otp
  case option
  case option2
  case ram
  case ccm
  case optcr
  case optcr1
  case optionBootAddress = "option_boot_add"

  /// The area for the engine; nil for a register.
  var memory: MemoryArea? {
    switch self {
    case .main: .main
    case .system: .system
    case .otp: .otp
    case .option: .option
    case .option2: .optionOfBank2
    case .ram: .ram
    case .ccm: .ccm
    case .optcr, .optcr1, .optionBootAddress: nil
    }
  }

  /// The value of the register that the name means; nil for an area, and where the chip has no such register.
  func register(of protection: ProtectionState) -> UInt32? {
    switch self {
    case .optcr: protection.optionControl.rawValue
    case .optcr1: protection.optionControl1?.rawValue
    default: nil
    }
  }

  /// Whether the content is short enough to be shown instead of written to a file.
  var canBeShown: Bool {
    switch self {
    case .option, .option2, .optcr, .optcr1: true
    default: false
    }
  }

  /// Why no F2 and no F4 has this; nil for what they have.
  var absence: String? {
    self == .optionBootAddress
      ? "No STM32F2 or STM32F4 has boot addresses in its option bytes; that is a feature of the STM32F7." : nil
  }
}
