/// What a simulation is built of, before it is put together; faults that are in the parts change it.
struct SimulationParts {
  /// The board.
  var board: BoardModel
  /// The chip on it.
  var chip: ChipModel
  /// The probe.
  var profile: STLinkProfile
  /// Whether flash operations take the data sheet's maximum times.
  var isSlowPart: Bool

  /// The parts of a healthy bench.
  ///
  /// - Throws: `SimulationError` for a target or a probe that cannot be simulated.
  init(_ configuration: SimulationConfiguration) throws(SimulationError) {
    (board, chip) = try SimulationParts.find(configuration.target)
    board = board.with(configuration.boardParts)
    do throws(STLinkProfileError) {
      profile = try STLinkProfile(name: configuration.probeProfile ?? board.probeProfile)
    } catch {
      throw SimulationError.unknownProbe(error)
    }
    isSlowPart = configuration.isSlowPart
    profile.serial[profile.serial.count - 1] &+= configuration.probeNumber
  }

  private static func find(_ target: String) throws(SimulationError) -> (BoardModel, ChipModel) {
    do throws(ChipNameError) {
      let board = try BoardModel.named(target)
      return (board, try ChipModel(named: board.chip))
    } catch {
      let boards = BoardModel.catalogue.map(\.name).joined(separator: ", ")
      throw SimulationError.unknownTarget(target, explanation: "\(error.text); the boards are \(boards)")
    }
  }
}
