import ArgumentParser
import Engine

/// What `--area` can name; the names are st-flash's where it has them.
enum NamedArea: String, ExpressibleByArgument, CaseIterable {
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

  /// The registers that the name means, with their values; empty for an area, and where the chip has no such register.
  ///
  /// st-flash's `option` is OPTCR: what is shown is what can be written.
  func registers(of protection: ProtectionState) -> [ShownContent.Row] {
    let control = ShownContent.Row(label: "OPTCR", value: protection.optionControl.rawValue)
    let control1 = protection.optionControl1.map { ShownContent.Row(label: "OPTCR1", value: $0.rawValue) }
    return switch self {
    case .optcr: [control]
    case .optcr1: [control1].compactMap(\.self)
    case .option: [control, control1].compactMap(\.self)
    default: []
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

  /// The register that `write --area` sets; st-flash's `option` is OPTCR on these chips.
  var writtenRegister: OptionField.Register? {
    switch self {
    case .option, .optcr: .control
    case .optcr1: .control1
    default: nil
    }
  }

  /// Why nothing can be written there; nil for what can be.
  var writingObstacle: String? {
    switch self {
    case .main, .otp, .option, .optcr, .optcr1: nil
    case .optionBootAddress: absence
    case .system: "Nothing can write system memory: it is the ROM bootloader."
    case .option2: "The option bytes of the second bank are written by --area=optcr1."
    case .ram, .ccm: "A file is not written to RAM; single values are, by poke."
    }
  }
}
