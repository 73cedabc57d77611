import LinkInterface
import Links

/// An open probe, with the commands that the checks send (stlink-protocol, sections 5 to 8).
final class TestedProbe {
  private let probe: ClaimedUSBDevice
  private let output: Endpoint
  private let input = Endpoint.input(1)

  /// Opens the probe with a serial; nil for the only one there is.
  init(_ serial: String?) throws {
    probe = try USBProbeLister.open(of: .checked, matching: serial)
    // Only the plain V2 listens on endpoint 2.
    output = .output(probe.identity.productID == 0x3748 ? 2 : 1)
  }

  deinit {
    probe.close()
  }

  func close() {
    probe.close()
  }

  /// The transfer of a command block.
  func command(_ bytes: [UInt8]) -> Transfer {
    .bulkOut(output, bytes + [UInt8](repeating: 0, count: 16 - bytes.count))
  }

  func perform(_ transfers: [Transfer], within limit: Duration = .seconds(5)) throws -> [[UInt8]] {
    try probe.perform(transfers, within: limit)
  }

  /// GET_VERSION, asked for with more room than it needs.
  func version() throws -> [UInt8] {
    let reply = try perform([command([0xF1]), .bulkIn(input, byteCount: 64)])[1]
    try require(reply.count == 6 && reply[2] == 0x83 && reply[3] == 0x04, "version \(reply)")
    return reply
  }

  func readsLanguages() throws {
    let reply = try perform([.controlIn(.stringDescriptor(0))])[0]
    try require(reply == [4, 3, 9, 4], "\(reply)")
  }

  func meetsStall() throws {
    let unknown = ControlSetup(requestType: 0xC0, request: 0x7F, value: 0, index: 0, length: 2)
    try expect(.stall) { try perform([.controlIn(unknown)]) }
    _ = try version()
  }

  func clearsHalt() throws {
    let setHalt = ControlSetup(requestType: 0x02, request: 3, value: 0, index: UInt16(output.rawValue), length: 0)
    _ = try perform([.controlOut(setHalt, [])])
    try expect(.stall) { try perform([command([0xF1])]) }
    try probe.clearStall(on: output)
    _ = try version()
  }

  func queuesReplyFirst() throws {
    let replies = try perform([.bulkIn(input, byteCount: 64), command([0xF1])])
    try require(replies[0].count == 6, "\(replies)")
  }

  func timesOut() throws {
    let begin = probe.clock.now
    try expect(.timeout) { try perform([.bulkIn(input, byteCount: 64)], within: .milliseconds(150)) }
    try require(probe.clock.now - begin >= .milliseconds(150), "too early, after \(probe.clock.now - begin)")
  }

  func losesNothingByCancelling() throws {
    for _ in 0..<5 {
      try expect(.timeout) { try perform([.bulkIn(input, byteCount: 64)], within: .milliseconds(30)) }
      _ = try version()
    }
  }

  func overflows() throws {
    try expect(.overflow) { try perform([command([0xF1]), .bulkIn(input, byteCount: 4)]) }
    _ = try version()
  }

  func movesBlocks() throws {
    // A plain V2 powers up in DFU mode (1).
    if try perform([command([0xF5]), .bulkIn(input, byteCount: 2)])[1].last == 1 {
      _ = try perform([command([0xF3, 0x07])])
    }
    let enter = try perform([command([0xF2, 0x30, 0xA3]), .bulkIn(input, byteCount: 2)])[1]
    try require(enter.first == 0x80, "ENTER answers \(enter)")
    _ = try perform([
      command([0xF2, 0x35, 0xF0, 0xED, 0x00, 0xE0, 0x03, 0x00, 0x5F, 0xA0]), .bulkIn(input, byteCount: 2),
    ])
    let place: [UInt8] = [0, 0, 0, 0x20, 0x00, 0x18]
    let content = (0..<0x1800).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    _ = try perform([command([0xF2, 0x08] + place), .bulkOut(output, content)])
    let status = try perform([command([0xF2, 0x3E]), .bulkIn(input, byteCount: 12)])[1]
    try require(status.first == 0x80, "writing RAM: \(status)")
    let back = try perform([command([0xF2, 0x07] + place), .bulkIn(input, byteCount: content.count)])[1]
    try require(back == content, "other bytes come back")
  }

  func worksAfterReset() throws {
    _ = try perform([command([0xF5])])
    try probe.reset()
    _ = try version()
  }

  func refusesWhenClosed() throws {
    probe.close()
    try expect(.closed) { try perform([command([0xF1])]) }
  }

  private func expect(_ reason: LinkError.Reason, from body: () throws -> [[UInt8]]) throws {
    do {
      let result = try body()
      throw Mismatch("no \(reason), but \(result)")
    } catch let error as LinkError {
      try require(error.reason == reason, "\(error.reason), not \(reason)")
    }
  }
}

extension USBCatalogue {
  /// The probes that the simulator serves.
  static let checked = USBCatalogue(
    products: [0x3748, 0x374B, 0x3752, 0x374E, 0x374F, 0x3753, 0x3754].map { productID in
      USBProduct(
        vendorID: 0x0483, productID: productID, name: "ST-LINK",
        function: USBFunction(interface: 0, configuration: 1, answers: [.input(1)]))
    },
    neighbours: [:], stranger: Neighbour(meaning: "no ST-LINK"))
}
