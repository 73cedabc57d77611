import Engine
import Failures
import SimProbe

/// A file that describes a simulated board: what stands on it, and what is broken.
///
/// A line is a word and its value; `#` begins a comment.
///
///     # our controller board, first series
///     board  stm32f411re
///     probe  v2-1:V2J33M25
///     supply 3.0
///     option BOR_LEV=0
///     on-for 3s
///     fault  nrst-open
///     fault  vcap-missing=100
///
/// The words of `BoardPart` describe what is soldered otherwise than on the board that it is built from.
///
/// `board` takes what `--sim` takes and has to be there; the other words mean what `--sim-probe`, `--sim-voltage`,
/// `--sim-option`, `--sim-on-for` and `--sim-fault` mean. `option` and `fault` may be repeated.
struct BoardFile: Equatable {
  /// The board or chip that it is built from.
  let target: String
  /// The probe; nil for the board's own.
  private(set) var probe: String?
  /// The supply in millivolts; nil for the usual one.
  private(set) var supplyMillivolts: Int?
  /// What is soldered otherwise than on that board.
  private(set) var parts: [BoardPart] = []
  /// The option bytes of the chip as it comes.
  private(set) var options: [OptionSetting] = []
  /// How long the board has been on; nil for not at all.
  private(set) var onTime: Duration?
  /// What is broken.
  private(set) var faults: [Fault] = []

  /// The ending of a board file's name, by which `--sim` knows it from a board.
  static let suffix = ".board"

  /// A line that is not understood.
  struct Failure: Error, Equatable {
    /// The line, from 1; 0 for something that the whole file lacks.
    let line: Int
    /// What is wrong with it.
    let text: String
  }

  /// Reads the text of a board file.
  init(_ text: String) throws(Failure) {
    var words: [String: (value: String, line: Int)] = [:]
    var faults: [Fault] = []
    var options: [OptionSetting] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let parts = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let word = parts.first else { continue }
      guard parts.count == 2 else { throw Failure(line: index + 1, text: "it is no word and its value") }
      switch word {
      case "fault": faults.append(try BoardFile.read(line: index + 1) { () throws(FaultError) in try Fault(parts[1]) })
      case "option":
        options.append(
          try BoardFile.read(line: index + 1) { () throws(OptionSettingError) in try OptionSetting(parts[1]) })
      case "board", "probe", "supply", "on-for":
        guard words[word] == nil else { throw Failure(line: index + 1, text: "\"\(word)\" stands there twice") }
        words[word] = (parts[1], index + 1)
      case _ where BoardPart.words.contains(word):
        self.parts.append(
          try BoardFile.read(line: index + 1) { () throws(BoardPart.Failure) in try BoardPart(word, parts[1]) })
      default:
        let known = ["board", "probe", "supply", "option", "on-for", "fault"] + BoardPart.words
        throw Failure(line: index + 1, text: "\"\(word)\" is none of the words \(known.joined(separator: ", "))")
      }
    }
    guard let board = words["board"] else { throw Failure(line: 0, text: "no line says which board or chip it is") }
    target = board.value
    probe = words["probe"]?.value
    self.faults = faults
    self.options = options
    if let time = words["on-for"] {
      onTime = try BoardFile.read(line: time.line) { () throws(NumberError) in try SimulatedTime.duration(time.value) }
    }
    if let supply = words["supply"] {
      supplyMillivolts = try BoardFile.read(line: supply.line) { () throws(NumberError) in
        try Voltage.millivolts(supply.value)
      }
    }
  }

  /// Reads a value and says on which line it stands where that fails.
  private static func read<Value, Problem: LineProblem>(
    line: Int, _ body: () throws(Problem) -> Value
  ) throws(Failure) -> Value {
    do throws(Problem) {
      return try body()
    } catch {
      throw Failure(line: line, text: error.text)
    }
  }
}

/// An error of a value that stands on a line.
private protocol LineProblem: Error {
  /// The error in a sentence.
  var text: String { get }
}

extension FaultError: LineProblem {}
extension OptionSettingError: LineProblem {}
extension BoardPart.Failure: LineProblem {}

extension NumberError: LineProblem {
  fileprivate var text: String { description }
}

extension SimulationConfiguration {
  /// What `--sim` names: a board or a chip, or a file that describes one.
  init(named name: String, files: FileSystem) throws(CommandFailure) {
    guard name.hasSuffix(BoardFile.suffix) else {
      self.init(target: name)
      return
    }
    let bytes = try reporting { () throws(FileSystemError) in try files.read(name) }
    do throws(BoardFile.Failure) {
      let file = try BoardFile(String(decoding: bytes, as: UTF8.self))
      self.init(target: file.target)
      probeProfile = file.probe
      supplyMillivolts = file.supplyMillivolts ?? supplyMillivolts
      options = file.options
      boardParts = file.parts
      onTime = file.onTime ?? .zero
      faults = file.faults
    } catch {
      let place = error.line > 0 ? "line \(error.line) of " : ""
      throw CommandFailure(
        FailureReport(
          .file, "cannot use \(place)\"\(name)\": \(error.text)",
          remedies: ["See docs/simulated-probe.md for what a board file says"]))
    }
  }
}
