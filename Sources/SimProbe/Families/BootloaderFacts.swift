/// What one version of a die's ROM bootloader has on its serial ports and on USB (AN2606, the chapter of the line).
struct BootloaderFacts: Sendable {
  /// What a version does otherwise than AN3155 says (AN2606, "Known limitations").
  struct Deviation: OptionSet, Sendable {
    let rawValue: Int

    /// A refused address of Read Memory and Write Memory is not answered at all, and what follows counts as a command.
    static let badAddressIsSilent = Deviation(rawValue: 1 << 0)
    /// Under read protection Read Memory, Write Memory and Go are answered with two NACKs.
    static let refusesTwice = Deviation(rawValue: 1 << 1)
    /// Go leaves AHB1ENR at 0.
    static let goStopsClocks = Deviation(rawValue: 1 << 2)
    /// The string that names the memory of two banks says that it has 166 bytes, and 112 of them are sent (dfu-util has a
    /// case of its own for it).
    static let cutsMemoryName = Deviation(rawValue: 1 << 3)
    /// Sectors of the second bank are not erased on USB, though the host is told that all went well.
    static let keepsSecondBankOnUSB = Deviation(rawValue: 1 << 4)
  }

  /// The byte that says which bootloader it is, and where it stands.
  let identifier: UInt8
  let identifierAddress: UInt32
  /// The version of the protocol on serial ports.
  let protocolVersion: UInt8
  /// The USARTs that it listens at.
  let ports: [String]
  /// The first address of RAM that it leaves to the host.
  let firstFreeRAM: UInt32
  /// From the end of the reset until it listens, in nanoseconds; longer where the crystal does not answer.
  let startUpTime: UInt64
  let startUpTimeWithoutCrystal: UInt64
  /// The clock by which it measures and makes bit lengths, in hertz: HSI through the PLL (AN2606).
  let hertz: UInt64
  /// What it does otherwise.
  let deviations: Deviation
  /// Which addresses do not belong to memory and mean something all the same: the supply that it programs with.
  let supplyWord: UInt32
  /// From where it listens until a host sees it on USB, in nanoseconds ("USB connection"); nil for one without USB.
  let usbConnectTime: UInt64?
}
