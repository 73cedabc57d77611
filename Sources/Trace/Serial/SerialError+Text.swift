import LinkInterface

extension SerialError.Reason {
  /// The reason on one line, to be read back.
  var noteText: String {
    switch self {
    case .timeout: "timeout"
    case .missing: "missing"
    case .gone: "gone"
    case .denied: "denied"
    case .busy: "busy"
    case .notSerial: "not serial"
    case .closed: "closed"
    case .unsupported(let what): "unsupported: \(what)"
    case .divergence(let text): "divergence: \(text)"
    case .other(let code, let text): "other \(code): \(text)"
    }
  }

  /// Reads a reason; words that nobody knows are kept as they are.
  init(noteText text: String) {
    let plain: [SerialError.Reason] = [.timeout, .missing, .gone, .denied, .busy, .notSerial, .closed]
    if let reason = plain.first(where: { $0.noteText == text }) {
      self = reason
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let rest = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
    switch parts.first?.split(separator: " ").first {
    case "unsupported"?: self = .unsupported(rest)
    case "divergence"?: self = .divergence(rest)
    default:
      let code = parts.first?.split(separator: " ").last.flatMap { Int32($0) }
      self = .other(code: code ?? 0, text: code == nil ? text : rest)
    }
  }
}

extension SerialSettings {
  /// Reads settings as `name` writes them; nil for what is none.
  init?(name: String) {
    let parts = name.split(separator: " ")
    guard parts.count == 2, let baudRate = Int(parts[0]), baudRate > 0, parts[1].utf8.count == 3 else { return nil }
    let letters = Array(parts[1].lowercased())
    guard letters[0] == "8", let parity = Parity.allCases.first(where: { $0.rawValue.first == letters[1] }),
      let stopBitCount = letters[2].wholeNumberValue, (1...2).contains(stopBitCount)
    else { return nil }
    self.init(baudRate: baudRate, parity: parity, stopBitCount: stopBitCount)
  }
}
