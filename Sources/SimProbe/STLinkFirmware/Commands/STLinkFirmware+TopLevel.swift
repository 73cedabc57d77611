/// Version, mode and voltage (docs/simulated-probe.md, "Versions").
extension STLinkFirmware {
  func getVersion() {
    send((profile.claimedVersion ?? profile.version).reply(productID: profile.product.productID))
  }

  func getExtendedVersion() {
    send((profile.claimedVersion ?? profile.version).extendedReply(productID: profile.product.productID))
  }

  /// The second byte is not significant; the recordings show 1 in DFU mode and 0 else.
  func getMode() {
    send([mode.rawValue, mode == .dfu ? 1 : 0])
  }

  /// In DFU mode the reply does not come until that mode is left (docs/simulated-probe.md, "Modes").
  func getVoltage() {
    guard mode != .dfu else {
      owesVoltage = true
      return
    }
    let factor: UInt32 = profile.product.family == .v2 ? 1691 : 1500
    let reading = Int64(connector.referenceMillivolts) * Int64(factor) / 2400 + measurementNoise()
    buffer.write(word: factor, at: 0)
    buffer.write(word: UInt32(clamping: min(4095, max(0, reading))), at: 4)
    send(8)
  }

  /// Up to six counts either way, as the recordings jitter; the same for the same number of measurements.
  private func measurementNoise() -> Int64 {
    measurements += 1
    var mixed = measurements &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 31)) &* 0xBF58_476D_1CE4_E5B9
    return Int64(mixed >> 33) % 13 - 6
  }
}
