import Engine
import LinkInterface
import Trace

/// Takes the chip's unique identifier out of what a ROM bootloader is asked for: it follows where reads go.
final class UniqueIDConcealer: Concealer {
  // On USB.
  private var pointer: UInt32 = 0

  // At a serial port.
  private var step = Step.idle

  private enum Step: Equatable {
    case idle
    case address
    case count(UInt32)
    /// The acknowledgement, and so many bytes behind it.
    case data(UInt32, Int)
  }

  func sent(_ bytes: [UInt8], by request: ControlSetup?) {
    guard let request else { return sentBySerialLine(bytes) }
    // DFU_DNLOAD of Set Address Pointer (AN3156, 5.3).
    if request.requestType == 0x21, request.request == 1, request.value == 0, bytes.count == 5, bytes[0] == 0x21 {
      pointer = bytes[1...].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  func concealed(_ bytes: [UInt8], by request: ControlSetup?) -> [UInt8] {
    guard let request else { return receivedBySerialLine(bytes) }
    // DFU_UPLOAD; blocks count from 2 (AN3156, 5.1).
    guard request.requestType == 0xA1, request.request == 2, request.value >= 2 else { return bytes }
    return zeroed(bytes, at: pointer &+ UInt32(request.value - 2) * 2048)
  }

  /// Read Memory, an address with its checksum, a length with its complement (AN3155, 3.4).
  private func sentBySerialLine(_ bytes: [UInt8]) {
    switch step {
    case _ where bytes == [0x11, 0xEE]: step = .address
    case .address where bytes.count == 5: step = .count(bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    case .count(let address) where bytes.count == 2: step = .data(address, Int(bytes[0]) + 1)
    default: step = .idle
    }
  }

  private func receivedBySerialLine(_ bytes: [UInt8]) -> [UInt8] {
    guard case .data(let address, let count) = step, bytes.count == count, bytes.count > 1 else { return bytes }
    step = .idle
    return zeroed(bytes, at: address)
  }

  private func zeroed(_ bytes: [UInt8], at address: UInt32) -> [UInt8] {
    let secret = MemoryMap.uniqueIdentifier
    return bytes.enumerated().map { secret.contains(address &+ UInt32($0.offset)) ? 0 : $0.element }
  }
}
