import Testing

@testable import Engine
@testable import stflash

struct ClosingStatementRenderingTests {
  @Test func `a target that is not as asked is always mentioned`() {
    let clean = ClosingStatement(core: .running, reason: nil, problems: [])
    let odd = ClosingStatement(core: .halted, reason: "its flash holds no complete firmware", problems: ["and more"])
    #expect(rendered(.closed(clean)) == "")
    #expect(rendered(.closed(clean), verbosity: .verbose) == "info: the core runs\n")
    #expect(
      rendered(.closed(odd))
        == "warning: the core is halted: its flash holds no complete firmware\nwarning: and more\n")
  }
}
