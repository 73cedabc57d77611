import Failures

extension Remedy {
  /// How it is asked for on this command line.
  var words: String {
    switch self {
    case .chooseProbe: "--serial"
    case .listProbes: "stflash list"
    case .installAccessRule: "udev/70-stflash.rules from stflash"
    case .simulate: "--sim"
    case .connectUnderReset: "--connect-under-reset"
    case .setClock(let kHz): kHz.map { "--freq \($0)k" } ?? "--freq"
    case .useUSBBootloader: "--dfu"
    case .setBaudRate: "--baud"
    case .setBootSequence: "--boot-sequence"
    case .nameChip: "--chip, --flash-size"
    case .nameFlashSize: "--flash-size"
    case .listChips: "stflash sim list"
    case .nameSupply(let millivolts): millivolts.map { "--voltage \($0 / 1000).\($0 / 100 % 10)" } ?? "--voltage"
    case .nameProgrammingVoltage: "--vpp"
    case .setWidth(let bits): "--width \(bits)"
    case .withoutLoader: "--no-loader"
    case .eraseAll: "--all"
    case .liftWriteProtection: "stflash unprotect --sectors"
    case .liftAllProtection: "stflash unprotect --erase-everything"
    case .includeOptions: "--with-options"
    case .includeOTP: "--with-otp"
    case .allowErase: "--erase-everything"
    case .allowIrreversible(let words): "--irreversible \"\(words)\""
    case .reset: "stflash reset"
    case .identify: "stflash info"
    case .diagnose: "stflash diagnose"
    case .testSector: "--deep --deep-flash-sector N"
    case .tellMore: "--verbose"
    case .serveOtherwise: "stflash sim run -- PROGRAM, or stflash sim serve --tcp for OpenOCD"
    }
  }
}

extension Advice {
  /// The sentence as this command line says it.
  var words: String { text(naming: \.words) }
}
