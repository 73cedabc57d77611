import ArgumentParser
import Engine
import Failures

/// What the user says of the target where the target is not to be trusted.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The chip, such as stm32f407vg: checked against what the chip itself says.", valueName: "name"))
  var chip: String?

  @Flag(
    help: "Take a chip that is no STM32 (a copy with numbers of its own) for what --chip says.")
  var forceChip = false

  @Option(
    name: [.customLong("flash-size"), .customLong("flash")],
    help: ArgumentHelp("The size of the flash, such as 128k, whatever the chip says.", valueName: "size"),
    transform: Number.byteCount)
  var flashSize: Int?

  @Option(
    help: ArgumentHelp("The target's supply, such as 3.3, where the probe cannot measure it.", valueName: "volts"),
    transform: Voltage.millivolts)
  var voltage: Int?

  /// The chip and its size as the user says.
  func override() throws(CommandFailure) -> DeviceOverride {
    if forceChip && chip == nil {
      throw .usage(
        "--force-chip needs --chip", remedies: ["Name the chip that this one copies: --chip stm32f407vg --force-chip"])
    }
    var override = DeviceOverride(flashByteCount: flashSize, acceptsForeignChip: forceChip)
    if let chip {
      override.chip = try reporting { () throws(DeviceError) in try ChipName(chip) }
    }
    return override
  }
}

/// How wide to erase and program.
struct WidthOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Erase and program 8, 16, 32 or 64 bits at once; without it as wide as the supply allows.", valueName: "bits"))
  var width: Width?

  @Flag(help: "7 to 9 V are on the VPP pin: erase and program 64 bits at once.")
  var vpp = false

  @Flag(help: "Program through the debug port instead of by a loader in the chip's RAM; slower.")
  var noLoader = false

  /// A width of the flash controller by its number of bits.
  enum Width: String, ExpressibleByArgument, CaseIterable {
    case bits8 = "8"
    case bits16 = "16"
    case bits32 = "32"
    case bits64 = "64"

    /// The engine's word for it.
    var parallelism: Parallelism {
      switch self {
      case .bits8: .x8
      case .bits16: .x16
      case .bits32: .x32
      case .bits64: .x64
      }
    }
  }
}
