import ArgumentParser
import Engine

/// An address of the target, or a register by its name.
struct TargetPlace: ExpressibleByArgument {
  let address: UInt32
  /// Whether it was named as a register.
  let isNamed: Bool

  init?(argument: String) {
    if let register = NamedRegister(name: argument) {
      (address, isNamed) = (register.address, true)
    } else if let address = try? Number.address(argument) {
      (self.address, isNamed) = (address, false)
    } else {
      return nil
    }
  }

  static var defaultCompletionKind: CompletionKind { .list(NamedRegister.names) }
}

/// How wide single accesses are.
struct AccessOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Access 8, 16 or 32 bits at once; 32 if nothing is said.", valueName: "bits"))
  var width = Width.bits32

  /// A width by its number of bits.
  enum Width: String, ExpressibleByArgument, CaseIterable {
    case bits8 = "8"
    case bits16 = "16"
    case bits32 = "32"

    /// The engine's word for it.
    var accessWidth: AccessWidth {
      switch self {
      case .bits8: .byte
      case .bits16: .halfword
      case .bits32: .word
      }
    }
  }
}
