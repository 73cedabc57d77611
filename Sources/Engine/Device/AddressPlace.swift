import Basics
import Failures

/// What lies at an address of a chip that is not its main flash.
public enum AddressPlace: Sendable, Equatable {
  /// 0 to 0x07FF_FFFF, where the flash, the ROM or the RAM shows, as the BOOT pins say.
  case bootAlias
  /// Where the flash would go on if the chip had more.
  case beyondFlash
  /// Core-coupled memory: RAM that only the core reaches.
  case coreCoupledMemory
  /// The ROM bootloader, and the factory's data behind it.
  case systemMemory
  /// The bytes that can be programmed once.
  case otp
  /// The option bytes, of either bank.
  case optionBytes
  /// SRAM and its bit-band alias.
  case ram
  /// The registers of the peripherals.
  case peripherals
  /// Memory on the board, behind FSMC, FMC or QUADSPI.
  case externalMemory
  /// The registers of the core.
  case core
  /// Nothing.
  case nothing

  /// The place of an address; `beyondFlash` for all from the start of the flash on that is not in a flash of any size.
  public init(of address: UInt32) {
    self = MemoryMap.presumed.places.last { $0.start <= address }?.place ?? .nothing
  }

  /// A range cut where one place ends and another begins, in rising order.
  static func parts(of range: ClosedRange<UInt32>) -> [(range: ClosedRange<UInt32>, place: AddressPlace)] {
    var parts: [(range: ClosedRange<UInt32>, place: AddressPlace)] = []
    var start = range.lowerBound
    for next in MemoryMap.presumed.places.map(\.start) where next > start && next <= range.upperBound {
      parts.append((start...next - 1, AddressPlace(of: start)))
      start = next
    }
    return parts + [(start...range.upperBound, AddressPlace(of: start))]
  }

  /// The place in prose.
  public var name: String {
    switch self {
    case .bootAlias: "the boot area at 0, which only shows the flash"
    case .beyondFlash: "addresses beyond the end of the flash"
    case .coreCoupledMemory: "core-coupled memory (RAM)"
    case .systemMemory: "system memory, the ROM bootloader"
    case .otp: "OTP, which can be programmed once"
    case .optionBytes: "option bytes"
    case .ram: "RAM"
    case .peripherals: "registers of peripherals"
    case .externalMemory: "memory outside the chip (FSMC, FMC, QUADSPI)"
    case .core: "registers of the core"
    case .nothing: "addresses where there is no memory"
    }
  }

  /// Whether what is there comes out of the flash, which has to be read slowly enough.
  var isFlash: Bool {
    switch self {
    case .bootAlias, .beyondFlash, .systemMemory, .otp, .optionBytes: true
    case .coreCoupledMemory, .ram, .peripherals, .externalMemory, .core, .nothing: false
    }
  }

  /// What helps somebody whose image has bytes there.
  var remedy: Advice {
    switch self {
    case .bootAlias:
      "Link the image for \(MemoryMap.presumed.flash.lowerBound.hexadecimal), where the flash is; at 0 the chip only shows it"
    case .beyondFlash: "Check that the image is linked for this chip"
    case .coreCoupledMemory, .ram:
      "Give initialised data a load address in the flash (AT> in the linker script); RAM loses it"
    case .systemMemory: "Leave the ROM bootloader out of the image: nothing can write it"
    case .otp: "To program what the image holds for OTP, for ever, ask for it\(by: .includeOTP)"
    case .optionBytes: "To set the option bytes that the image holds, ask for it\(by: .includeOptions)"
    case .externalMemory: "Write the part outside the chip by a program that runs on the board"
    case .peripherals, .core, .nothing: "Check the address, and the linker script"
    }
  }
}
