import Testing

@testable import Engine
@testable import stflash

struct ClosingStatementRenderingTests {
  @Test func `a target that is not as asked is always mentioned`() {
    let clean = ClosingStatement(core: nil, reason: nil, wasReset: false, problems: [])
    let odd = ClosingStatement(
      core: nil, reason: "its flash holds no complete firmware", wasReset: false, problems: ["and more"])
    #expect(rendered(.closed(clean)) == "")
    #expect(rendered(.closed(clean), verbosity: .verbose) == "info: the core's state is not known\n")
    #expect(
      rendered(.closed(odd))
        == "warning: the core's state is not known: its flash holds no complete firmware\nwarning: and more\n")
  }
}
