import Basics
import SimProbe

extension ChipUSBSocket.Absence {
  /// Why no device can be seen, in a sentence.
  func sentence(for target: String) -> String {
    let reason =
      switch self {
      case .notSwitchedOn: "the firmware has not switched it on (GCCFG.PWRDWN, DCTL.SDIS)"
      case .noPins: "PA11 and PA12 are not given to it (alternate function 10)"
      case .noBusVoltage:
        "the firmware waits for the bus voltage at PA9, which is not wired on this board, or senses nothing"
      case .wrongClock(let hertz): "its clock is \(Int(hertz / 1000).frequency) and not 48 MHz"
      case .noAnswers: "the host has asked three times, and got no answers that enumerate a device"
      case .notYet: "it is not enumerated yet"
      }
    return "no device shows itself on the USB of \(target): \(reason)"
  }
}
