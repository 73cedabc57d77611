import ArgumentParser
import Engine

/// An address of the target, or a register by its name.
struct TargetPlace {
  let address: UInt32
  /// Whether it was named as a register.
  let isNamed: Bool

  /// Takes a register's name, or an address.
  static func parse(_ argument: String) throws -> TargetPlace {
    if let register = NamedRegister(name: argument) { return TargetPlace(address: register.address, isNamed: true) }
    if argument.first?.isNumber ?? false {
      return TargetPlace(address: try Number.address(argument), isNamed: false)
    }
    let near = Likeness.nearest(to: argument.uppercased(), among: NamedRegister.names, most: 2)
    throw ValidationError(
      "no register is known by the name \(argument)"
        + (near.isEmpty ? "; its address does it too" : "; perhaps \(near.joined(separator: " or ")) is meant"))
  }

  static var completion: CompletionKind { .list(NamedRegister.names) }
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
