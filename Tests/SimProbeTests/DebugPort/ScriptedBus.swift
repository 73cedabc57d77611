@testable import SimProbe

/// A bus of 64 KiB of memory from address 0 that stalls and faults where the test says.
final class ScriptedBus: SystemBus {
  private(set) var accesses: [String] = []
  var memory: [UInt8] = Array(repeating: 0, count: 0x1_0000)
  /// How many of the next accesses stall.
  var stalls = 0

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let refusal = refusal(of: address) { return refusal }
    accesses.append("r\(width.rawValue) \(String(address, radix: 16))")
    var value: UInt32 = 0
    for byte in 0..<Int(width.rawValue) { value |= UInt32(memory[Int(address) + byte]) << UInt32(8 * byte) }
    return .done(value, cycles: 0)
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let refusal = refusal(of: address) { return refusal }
    accesses.append("w\(width.rawValue) \(String(address, radix: 16)) \(String(value, radix: 16))")
    for byte in 0..<Int(width.rawValue) {
      memory[Int(address) + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
    }
    return .done(0, cycles: 0)
  }

  private func refusal(of address: UInt32) -> BusAnswer? {
    if stalls > 0 {
      stalls -= 1
      return .stalled(until: 0)
    }
    return address < 0x1_0000 ? nil : .fault
  }
}
