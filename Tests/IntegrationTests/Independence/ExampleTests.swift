import TestSupport
import Testing

/// The example program, where it is shown.
@Suite struct ExampleTests {
  @Test func `the article of the documentation shows the example as it is built`() throws {
    let example = try PackageFiles.text("Examples/FlashSimulatedChip/FlashSimulatedChip.swift")
    let article = try PackageFiles.text("Sources/Engine/Engine.docc/FlashASimulatedChip.md")
    #expect(article.contains("```swift\n\(example)```\n"), "copy the example into Engine.docc/FlashASimulatedChip.md")
  }
}
