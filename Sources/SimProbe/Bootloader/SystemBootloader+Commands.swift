import Basics

/// The commands, byte by byte (AN3155, 3.1 to 3.12).
extension SystemBootloader {
  /// Carries out a step whose bytes are all there.
  ///
  /// - Parameter isIntact: whether all of them came with the right parity and stop bits.
  func carryOut(_ step: Step, _ bytes: [UInt8], isIntact: Bool) {
    switch step {
    case .command:
      guard isIntact, bytes[0] ^ bytes[1] == 0xFF, let command = BootloaderCode.Command(rawValue: bytes[0]) else {
        return refuse()
      }
      begin(command)
    case .address(let command):
      guard isIntact, BootloaderCode.isIntact(bytes) else { return refuse() }
      take(bytes.bigEndianWord(at: 0), for: command)
    case .readCount(let address):
      guard isIntact, bytes[0] ^ bytes[1] == 0xFF else { return refuse() }
      read(from: address, byteCount: Int(bytes[0]) + 1)
    case .block(let address):
      guard isIntact, BootloaderCode.isIntact(bytes) else { return refuse() }
      write(Array(bytes[1..<bytes.count - 1]), to: address)
    case .eraseList:
      guard isIntact, BootloaderCode.isIntact(bytes) else { return refuse() }
      erase(bytes)
    case .protectionList:
      guard isIntact, BootloaderCode.isIntact(bytes) else { return refuse() }
      protect(sectors: bytes[1..<bytes.count - 1].map(Int.init))
    }
  }

  private func begin(_ command: BootloaderCode.Command) {
    let isProtected = chip.flash.readProtectionLevel != 0
    guard !isProtected || command.worksUnderReadProtection else { return refuseProtected(command) }
    let acknowledge = BootloaderCode.acknowledge
    switch command {
    case .get:
      let codes = BootloaderCode.Command.allCases.map(\.rawValue)
      answer(
        [acknowledge, UInt8(codes.count), facts.protocolVersion] + codes + [acknowledge], then: .expect(.command))
    case .getVersion:
      // Two bytes that once told of option bytes.
      answer([acknowledge, facts.protocolVersion, 0, 0, acknowledge], then: .expect(.command))
    case .getID:
      let identifier = UInt16(truncatingIfNeeded: chip.model.die.deviceID)
      answer([acknowledge, 1] + identifier.bigEndianBytes + [acknowledge], then: .expect(.command))
    case .readMemory, .go, .writeMemory: self.acknowledge(then: .expect(.address(command)))
    case .extendedErase: self.acknowledge(then: .expect(.eraseList))
    case .writeProtect: self.acknowledge(then: .expect(.protectionList))
    case .writeUnprotect, .readoutProtect, .readoutUnprotect: self.acknowledge(then: .rewriteOptions(command))
    }
  }

  private func refuseProtected(_ command: BootloaderCode.Command) {
    let isDoubled = facts.deviations.contains(.refusesTwice) && [.readMemory, .writeMemory, .go].contains(command)
    answer([UInt8](repeating: BootloaderCode.refuse, count: isDoubled ? 2 : 1), then: .expect(.command))
  }

  private func take(_ address: UInt32, for command: BootloaderCode.Command) {
    guard accepts(address, for: command) else {
      let isSilent = facts.deviations.contains(.badAddressIsSilent) && command != .go
      return isSilent ? expect(.command) : refuse()
    }
    switch command {
    case .readMemory: acknowledge(then: .expect(.readCount(address)))
    case .writeMemory: acknowledge(then: .expect(.block(address)))
    default: acknowledge(then: .jump(to: address))
    }
  }

  /// Whether a command takes an address: only where it begins is looked at.
  private func accepts(_ address: UInt32, for command: BootloaderCode.Command) -> Bool {
    let isFlash = address >= memory.flashBase && address - memory.flashBase < chip.model.variant.flashByteCount
    let isRAM = address >= facts.firstFreeRAM && chip.model.variant.sramRanges.contains { $0.contains(address) }
    if isFlash || isRAM { return command != .writeMemory || address % 4 == 0 }
    let hasSecondBank = chip.model.die.hasSecondBankRegisters
    switch command {
    case .readMemory:
      return memory.systemMemory.contains(address) || memory.otp.contains(address)
        || memory.optionBytes.contains(address) || hasSecondBank && memory.optionBytes2.contains(address)
        || address == facts.supplyWord
    case .writeMemory:
      return memory.otp.contains(address) && address % 4 == 0 || address == memory.optionBytes.lowerBound
        || hasSecondBank && address == memory.optionBytes2.lowerBound || address == facts.supplyWord
    default: return false
    }
  }
}
