import Engine
import Failures

extension OptionRefusal {
  /// What of this command line helps against it.
  var advice: [Advice] {
    switch self {
    case .erasesEverything: ["Allow it with --erase-everything; --plan shows what is lost"]
    case .irreversible(let commitment): ["With --irreversible \"\(commitment.words)\""]
    case .brownOutAboveSupply: ["Say what the supply is with --voltage where the probe measures it wrongly"]
    default: []
    }
  }
}
