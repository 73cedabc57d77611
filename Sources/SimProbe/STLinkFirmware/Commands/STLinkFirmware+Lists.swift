/// RW_MISC: lists of single-word accesses (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  /// What an item of a list does.
  private enum ListItem: UInt8 {
    case setAddress = 1
    case write = 2
    case read = 3
    case selectPort = 5
  }

  /// RW_MISC_OUT: the codes, padded to a multiple of 4, then a word for each.
  func takeList(_ command: CommandBlock) {
    let itemCount = Int(command.word(at: 2))
    listResults = []
    listStatuses = []
    guard itemCount > 0 else { return }
    // A list that is too long is taken off the wire and thrown away; it has no results.
    let isAllowed = itemCount <= traits.listItemLimit
    dataPhase = DataPhase(
      purpose: isAllowed ? .list(itemCount: itemCount) : .nothing, remaining: codeBytes(itemCount) + 4 * itemCount)
  }

  /// RW_MISC_IN: a result word for each item, then a status word for each.
  func giveList() {
    guard !listResults.isEmpty else { return }
    let words = listResults + listStatuses.map { UInt32($0.rawValue) }
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
    buffer.write(bytes)
    // The longest list of a V3 fills more than the buffer that memory data pass through.
    sendRecord(bytes)
  }

  /// Carries out a list once its data have arrived; an item's failure does not keep the next from being tried.
  func runList(_ data: [UInt8], itemCount: Int) {
    var address: UInt32 = 0
    var port: UInt8 = 0
    for index in 0..<itemCount {
      let start = codeBytes(itemCount) + 4 * index
      let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[start + $1]) << (8 * UInt32($1)) }
      var result: UInt32 = 0
      var status = ProbeStatus.ok
      do throws(ProbeStatus) {
        try requireLink()
        switch ListItem(rawValue: data[index]) {
        case .setAddress: address = value
        case .write: try transferWord(value, at: address, port: port)
        case .read: result = try transferWord(nil, at: value, port: port)
        case .selectPort:
          try checkPortNumber(UInt16(truncatingIfNeeded: value))
          port = UInt8(truncatingIfNeeded: value)
        case nil: throw .commandError
        }
      } catch {
        status = targetStatus(error)
      }
      listResults.append(result)
      listStatuses.append(status)
    }
  }

  private func codeBytes(_ itemCount: Int) -> Int {
    (itemCount + 3) / 4 * 4
  }

  /// Reads or writes one word of a port.
  @discardableResult
  private func transferWord(_ value: UInt32?, at address: UInt32, port: UInt8) throws(ProbeStatus) -> UInt32 {
    guard address & 3 == 0 else { throw .alignment }
    let request = MemoryAccess(port: port, address: address, width: .word)
    if let value { try driver.writeWord(value, request) } else { return try driver.readWord(request) }
    return 0
  }
}
