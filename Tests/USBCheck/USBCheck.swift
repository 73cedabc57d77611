import LinkInterface
import Links

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The USB backend with the true libusb against whatever probes are plugged in: every kind of transfer.
///
/// Prints a line for each check, and ends with 1 when one failed; with `--commands COUNT` it measures instead.
///
/// Meant for virtual probes, over each carrier and under a real kernel: they all have to look the same to libusb. The
/// first probe's target is written to, in RAM.
@main
struct USBCheck {
  private var failureCount = 0

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "--commands", let count = arguments.last.flatMap(Int.init) {
      return try measure(count)
    }
    var check = USBCheck()
    check.run()
    exit(check.failureCount == 0 ? 0 : 1)
  }

  /// Prints how many commands with a reply go through in a second.
  private static func measure(_ count: Int) throws {
    let probe = try TestedProbe(nil)
    let clock = ContinuousClock()
    let duration = try clock.measure {
      for _ in 0..<count { _ = try probe.version() }
    }
    print("\(Int(Double(count) / (duration / .seconds(1)))) commands per second")
  }

  private mutating func run() {
    var serial = ""
    check("discovery: serial, place, free to use") {
      let listings = try USBProbeLister.list(of: .checked)
      let listing = try unwrap(listings.first, "no probe is plugged in")
      serial = try unwrap(listing.identity.serial?.text, "no serial")
      try require(serial.count == 24 && serial.allSatisfy(\.isHexDigit), "serial \(serial)")
      try require(listings.allSatisfy { $0.access == .free }, "\(listings.map(\.access))")
      try require(listing.identity.location.path == "1-1", listing.identity.location.path)
    }
    check("claim conflicts: the second one is told, the first one goes on") {
      let probe = try TestedProbe(serial)
      try require(try USBProbeLister.list(of: .checked).first?.access == .inUse, "not listed as in use")
      let second = Result { try USBProbeLister.open(of: .checked, matching: serial) }
      guard case .failure(let error) = second else { throw Mismatch("opened twice") }
      try require("\(error)".contains("busy") || "\(error)".contains("inUse"), "\(error)")
      _ = try probe.version()
    }
    for (name, body) in USBCheck.transferChecks {
      check(name) {
        let probe = try TestedProbe(serial)
        defer { probe.close() }
        try body(probe)
      }
    }
    check("a reply that a dead program left behind") {
      let careless = try TestedProbe(serial)
      _ = try careless.perform([careless.command([0xF5])])
      careless.close()
      let probe = try TestedProbe(serial)
      try require(try probe.version().count == 6, "another command's reply")
    }
    check("several probes by serial") {
      let serials = try USBProbeLister.list(of: .checked).compactMap(\.identity.serial?.text)
      guard serials.count > 1 else { return }
      try require(Set(serials).count == serials.count, "\(serials)")
      let probes = try serials.map { try TestedProbe($0) }
      for probe in probes { _ = try probe.version() }
    }
  }

  /// Each with a probe that was opened for it.
  private static let transferChecks: [(String, @Sendable (TestedProbe) throws -> Void)] = [
    ("control in, shorter than asked for", { try $0.readsLanguages() }),
    ("control that the device refuses: stall", { try $0.meetsStall() }),
    ("control out, and clearing a halted endpoint", { try $0.clearsHalt() }),
    ("bulk out and in, a short packet", { try require(try $0.version().count == 6, "not 6 bytes") }),
    ("bulk in queued before the command", { try $0.queuesReplyFirst() }),
    ("bulk in that nothing comes for: timeout", { try $0.timesOut() }),
    ("a cancelled transfer takes no later reply", { try $0.losesNothingByCancelling() }),
    ("a packet that does not fit: overflow", { try $0.overflows() }),
    ("6 KiB out and in, in many packets", { try $0.movesBlocks() }),
    ("reset, and work after it", { try $0.worksAfterReset() }),
    ("closed", { try $0.refusesWhenClosed() }),
  ]

  private mutating func check(_ name: String, _ body: () throws -> Void) {
    do {
      try body()
      print("ok    \(name)")
    } catch {
      failureCount += 1
      print("FAIL  \(name): \(error)")
    }
  }
}

/// What was found is not what was expected.
struct Mismatch: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
  if !condition { throw Mismatch(text()) }
}

func unwrap<Value>(_ value: Value?, _ text: String) throws -> Value {
  guard let value else { throw Mismatch(text) }
  return value
}
