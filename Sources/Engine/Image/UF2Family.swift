import Basics

/// A chip family as a UF2 file names it: a random number that its makers have registered.
///
/// Source: utils/uf2families.json of github.com/microsoft/uf2, of which only the STM32 families are named here.
public struct UF2Family: RawRepresentable, Sendable, Hashable {
  /// The registered number.
  public let rawValue: UInt32

  /// Makes a family from its registered number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// STM32F2.
  static let stm32F2 = UF2Family(rawValue: 0x5D1A_0A2E)
  /// STM32F4 in general.
  static let stm32F4 = UF2Family(rawValue: 0x5775_5A57)
  /// STM32F407 in particular.
  static let stm32F407 = UF2Family(rawValue: 0x6D09_22FA)
  /// STM32F407VG in particular.
  static let stm32F407VG = UF2Family(rawValue: 0x8FB0_60FE)

  /// Whether a chip of this family is an STM32F2 or an STM32F4, and so one that we can program.
  var isSupported: Bool {
    [.stm32F2, .stm32F4, .stm32F407, .stm32F407VG].contains(self)
  }

  /// The family's name, or its number where it has none here.
  public var name: String {
    UF2Family.names[rawValue] ?? Hexadecimal.word(rawValue)
  }

  /// The series that the chips of a supported family belong to, as part names begin with it.
  var seriesName: String { self == .stm32F2 ? "STM32F2" : "STM32F4" }

  private static let names: [UInt32: String] = [
    0x00FF_6919: "STM32L4",
    0x0424_0BDF: "STM32L5",
    0x1E1F_432D: "STM32L1",
    0x202E_3A91: "STM32L0",
    0x2146_0FF0: "STM32WL",
    0x300F_5633: "STM32G0",
    0x4C71_240A: "STM32G4",
    0x53B8_0F00: "STM32F7",
    0x5775_5A57: "STM32F4",
    0x5D1A_0A2E: "STM32F2",
    0x5EE2_1072: "STM32F1",
    0x6478_24B6: "STM32F0",
    0x6B84_6188: "STM32F3",
    0x6D09_22FA: "STM32F407",
    0x6DB6_6082: "STM32H7",
    0x70D1_6653: "STM32WB",
    0x8FB0_60FE: "STM32F407VG",
    0xE48B_FF56: "RP2040",
  ]
}
