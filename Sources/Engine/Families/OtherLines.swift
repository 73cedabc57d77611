/// The STM32 lines besides F2 and F4 by their DEV_ID: chips that must never be taken for one of ours.
///
/// Sources: "DBGMCU_IDCODE" in the reference manuals of the lines, as the chip tables of OpenOCD and stlink-org/stlink
/// repeat them. What is not in both or not certain is left out; such a chip is "unknown".
enum OtherLines {
  /// Where a core's chips have their identity register.
  ///
  /// Cortex-M0 and M0+ have it on the APB (RM0091, 32.4.1), H7 in the D1 debug domain as the system bus sees it (RM0433,
  /// 60.5.8), Cortex-M33 behind 0xE004_4000 (RM0438, 52.4); all others where F2 and F4 have it.
  static func identityRegisters(ofCorePart part: UInt32) -> [UInt32] {
    switch part {
    case 0xC20, 0xC60: [0x4001_5800]
    case 0xC27: [0xE004_2000, 0x5C00_1000]
    case 0xD21: [0xE004_4000]
    default: [0xE004_2000]
    }
  }

  /// The line with a DEV_ID; nil for a number that no other STM32 has.
  static func name(ofDeviceID deviceID: UInt16) -> String? { names[deviceID] }

  private static let names: [UInt16: String] = [
    0x410: "STM32F1 (medium density)", 0x412: "STM32F1 (low density)", 0x414: "STM32F1 (high density)",
    0x415: "STM32L47x/48x", 0x416: "STM32L1 (category 1)", 0x417: "STM32L05x/06x", 0x418: "STM32F105/107",
    0x420: "STM32F100 (low and medium density)", 0x422: "STM32F302/303/358xB/C", 0x425: "STM32L031/041",
    0x427: "STM32L1 (category 3)", 0x428: "STM32F100 (high density)", 0x429: "STM32L1 (category 2)",
    0x430: "STM32F1 (XL density)", 0x432: "STM32F37x", 0x435: "STM32L43x/44x", 0x436: "STM32L1 (category 4)",
    0x437: "STM32L1 (category 5 or 6)", 0x438: "STM32F303x6/8, F328 or F334", 0x439: "STM32F301, F302x6/8 or F318",
    0x440: "STM32F05x or F030x8", 0x442: "STM32F09x or F030xC", 0x443: "STM32C011", 0x444: "STM32F03x",
    0x445: "STM32F04x or F070x6", 0x446: "STM32F302/303/398xD/E", 0x447: "STM32L07x/08x",
    0x448: "STM32F07x or F070xB", 0x449: "STM32F74x/75x", 0x450: "STM32H74x/75x", 0x451: "STM32F76x/77x",
    0x452: "STM32F72x/73x", 0x453: "STM32C031", 0x455: "STM32U535/545", 0x456: "STM32G05x/06x",
    0x457: "STM32L01x/02x", 0x459: "STM32U031", 0x460: "STM32G07x/08x", 0x461: "STM32L496/4A6",
    0x462: "STM32L45x/46x", 0x464: "STM32L41x/42x", 0x466: "STM32G03x/04x", 0x467: "STM32G0Bx/0Cx",
    0x468: "STM32G43x/44x", 0x469: "STM32G47x/48x", 0x470: "STM32L4Rx/4Sx", 0x471: "STM32L4Px/4Qx",
    0x472: "STM32L55x/56x", 0x474: "STM32H503", 0x476: "STM32U5Fx/5Gx", 0x479: "STM32G491/4A1",
    0x480: "STM32H7Ax/7Bx", 0x481: "STM32U59x/5Ax", 0x482: "STM32U575/585", 0x483: "STM32H72x/73x",
    0x484: "STM32H56x/57x", 0x485: "STM32H7Rx/7Sx", 0x489: "STM32U073/083", 0x492: "STM32WBA5x",
    0x493: "STM32C071", 0x494: "STM32WB1x", 0x495: "STM32WB5x", 0x496: "STM32WB3x", 0x497: "STM32WL5x or WLEx",
    0x500: "STM32MP15x", 0x501: "STM32MP13x",
  ]
}
