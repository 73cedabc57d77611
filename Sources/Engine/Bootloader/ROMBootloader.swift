import Failures
import LinkInterface

/// A chip's ROM bootloader, by whichever of its interfaces it is reached: what `BootloaderTarget` needs of one.
///
/// Every call ends with the bootloader waiting for a command, or with an error.
protocol ROMBootloader: TargetMemory {
  /// What leads to it, with what it shows of itself.
  ///
  /// - Parameters:
  ///   - identifier: the byte by which AN2606 tells it from others; nil where it is hidden.
  ///   - uniqueID: the 96 bits that tell the chip from all others; nil where they are hidden.
  func link(identifier: UInt8?, uniqueID: [UInt8]?) -> TargetLink

  /// Is told of what was repeated or brought in order.
  var onRepetition: (Advice) -> Void { get set }

  /// The most that is programmed at once.
  var blockByteCount: Int { get }
  /// Whether each block is read back as soon as it is programmed: where all of them take minutes, the first wrong one
  /// should end the work.
  var verifiesBlockByBlock: Bool { get }
  /// How many bytes are looked at first, where content that differs shows in few and equal content costs a command more.
  var firstLookByteCount: Int { get }
  /// What the supply of a chip is at the least that answers by this link, in millivolts; nil where that says nothing of it.
  func leastMillivolts(of die: Die) -> Int?
  /// How long it takes to move data.
  var timing: TransferTiming { get }
  /// What a user does to set the chip into this bootloader, as the end of a sentence.
  var startingAdvice: Advice { get }

  /// Brings the chip into its bootloader, where that can be done from here.
  func bringIn() throws(DebugError)
  /// Whether the chip can be brought out of its bootloader into its program.
  var canBringOut: Bool { get }
  /// Brings the chip out of its bootloader.
  func bringOut() throws(DebugError)

  /// Gets an answer.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for somebody who resets the chip; zero does not wait.
  ///   - whileWaiting: is called once, when it is clear that nobody is there yet.
  func connect(patience: Duration, whileWaiting: () -> Void) throws(DebugError)
  /// The chip has reset itself: gets an answer again; false where nobody is there any more.
  func reconnect() throws(DebugError) -> Bool

  /// Which chip it is in, as far as that can be told.
  func recognise(expecting chip: ChipName?) throws(DebugError) -> RecognisedDie

  /// How much flash it says that there is; nil where it does not.
  var namedFlashByteCount: Int? { get }
  /// Refuses to work on sectors that are not those that the bootloader names.
  func check(_ map: SectorMap) throws(DebugError)

  /// Refuses to erase or program what it names as something that can only be read.
  func check(_ plan: FlashPlan) throws(DebugError)

  /// Why a file is refused that names the USB device that it is for; nil where it is not.
  func objection(to named: DFUFileDevice) -> PlanError?

  /// Reads memory; nil where read protection leaves nothing but to take it off.
  func readUnlessProtected(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8]?

  /// Writes at most `blockByteCount` bytes, whole words, to an address of a word.
  ///
  /// - Parameter duration: what programming takes at the longest.
  func write(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError)
  /// Erases a sector or whole banks.
  func erase(_ step: EraseStep, on map: SectorMap, taking duration: Duration) throws(DebugError)
  /// Starts the program whose vector table is at an address; the bootloader is gone then.
  func start(from address: UInt32) throws(DebugError)

  /// Writes the option bytes of one register, as the chip stores them; the chip resets itself then.
  func writeOptions(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError)
  /// Takes read protection off, which erases the chip; it resets itself then.
  func liftReadProtection(taking duration: Duration) throws(DebugError)
  /// Takes write protection off by a command of its own, where it has one; the chip resets itself then. False without one.
  func liftWriteProtection(taking duration: Duration) throws(DebugError) -> Bool

  /// Whether it can still be there, as far as can be told in a moment.
  var isStillThere: Bool { get }

  /// Gives the link back.
  func close()
}

/// Which chip a bootloader is in.
enum RecognisedDie: Equatable {
  /// The chip's own number.
  case number(UInt16)
  /// What the bootloader shows fits this die; others may fit as well.
  case presumed(Die, others: [Die])
}

extension ROMBootloader {
  func leastMillivolts(of die: Die) -> Int? { nil }
  var isStillThere: Bool { true }
  var namedFlashByteCount: Int? { nil }
  func check(_ map: SectorMap) throws(DebugError) {}
  func check(_ plan: FlashPlan) throws(DebugError) {}
  func objection(to named: DFUFileDevice) -> PlanError? { nil }
}
