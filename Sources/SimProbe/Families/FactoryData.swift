/// What ST writes into a die's information block beside the identifier and the size.
struct FactoryData: Sendable {
  /// The words from the unique identifier's end on, empty where none are known.
  ///
  /// Among them are the calibration of the reference voltage and of the temperature sensor; the size stands in between.
  let words: [UInt32]
  /// The ROM bootloader.
  let bootloader: BootloaderFacts
}
