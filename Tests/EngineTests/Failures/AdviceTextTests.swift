import Failures
import Testing

@Suite struct AdviceTextTests {
  /// How some front end asks for things; it has no name for a reset.
  private func name(_ remedy: Remedy) -> String? {
    switch remedy {
    case .connectUnderReset: "[Reset]"
    case .setClock(let kHz): "[\(kHz ?? 0)]"
    default: nil
    }
  }

  @Test func `a front end's names stand where the sentence has a place for them`() {
    let advice: Advice = "Connect under reset\(by: .connectUnderReset), or lower the clock\(with: .setClock(kHz: 480))"
    #expect(advice.text == "Connect under reset, or lower the clock")
    #expect(advice.text(naming: name) == "Connect under reset ([Reset]), or lower the clock with [480]")
    #expect(advice.remedies == [.connectUnderReset, .setClock(kHz: 480)])
  }

  @Test func `a name that carries the sentence has words in its place where there is none`() {
    let advice: Advice =
      "\(.reset, or: "a reset") or \(.connectUnderReset, or: "NRST") helps\(.setClock(kHz: nil), after: ": ")"
    #expect(advice.text == "a reset or NRST helps")
    #expect(advice.text(naming: name) == "a reset or [Reset] helps: [0]")
  }

  @Test func `sentences are put together of values and of other sentences`() {
    let advice: Advice = "\(Advice.replug); after \(3) times: \(Advice.connectUnderReset)"
    #expect(advice.text == "\(Advice.replug.text); after 3 times: \(Advice.connectUnderReset.text)")
    #expect(advice.remedies == [.connectUnderReset])
    #expect(Advice("Give 8") == "Give \(8)")
  }
}
