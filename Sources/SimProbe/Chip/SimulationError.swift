import Basics

/// Why a simulation cannot be set up.
public enum SimulationError: Error, Sendable, Equatable {
  /// The target is neither a board nor a chip of the catalogue; the explanation names the choices.
  case unknownTarget(String, explanation: String)
  /// There is no such probe, or it does not run that firmware.
  case unknownProbe(STLinkProfileError)
  /// A fault that the bench lacks the parts for.
  case fault(FaultError)
  /// An option that the part does not have.
  case option(OptionSettingError)
  /// A part of the board that its chip has no place for.
  case boardPart(String)
  /// The supply is negative or would destroy the chip.
  case supplyOutOfRange(millivolts: Int)
  /// The state does not begin as one does.
  case notAState
  /// A newer version of the program wrote the state.
  case newerState(version: UInt32, supported: UInt32)
  /// The state is damaged: what is wrong, and at which byte.
  case corruptState(String, offset: Int)
  /// The state belongs to another chip.
  case stateOfOtherChip(found: String, expected: String)

  /// The error in a sentence that says what to do about it.
  public var text: String {
    switch self {
    case .unknownTarget(_, let explanation): explanation
    case .unknownProbe(let error): error.text
    case .fault(let error): error.text
    case .option(let error): error.text
    case .boardPart(let problem): problem
    case .supplyOutOfRange(let millivolts):
      "a supply of \(millivolts.grouped) mV cannot be simulated; give 0 to 3,600 mV"
    case .notAState: "this is no state of a simulated chip"
    case .newerState(let version, let supported):
      "the state has format version \(version), this program knows versions up to \(supported); use a newer program"
    case .corruptState(let reason, let offset):
      "the state is damaged at byte \(offset): \(reason); delete it to begin with a blank chip"
    case .stateOfOtherChip(let found, let expected):
      "the state belongs to \(found), not to \(expected); simulate that chip or use another file"
    }
  }

  init(_ error: StateError) {
    switch error {
    case .notAState: self = .notAState
    case .newerVersion(let found, let supported): self = .newerState(version: found, supported: supported)
    case .corrupt(let reason, let offset): self = .corruptState(reason, offset: offset)
    case .otherChip(let found, let expected): self = .stateOfOtherChip(found: found, expected: expected)
    }
  }
}
