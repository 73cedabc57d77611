import TestSupport
import Testing

@testable import stflash

struct ArgumentNormalizerTests {
  private let normalizer = ArgumentNormalizer(
    declared: DeclaredOptions(
      verbs: [
        DeclaredOptions.Verb(name: "write", verbs: []),
        DeclaredOptions.Verb(name: "sim", verbs: [DeclaredOptions.Verb(name: "list", verbs: [])]),
      ],
      valued: ["--sim", "--serial", "-s"]))

  private func normalized(_ line: String) -> String {
    normalizer.normalize(line.split(separator: " ").map(String.init)).joined(separator: " ")
  }

  @Test(
    arguments: zip(
      [
        "write fw.bin", "--reset write fw.bin 0x08000000", "--sim nucleo write fw.bin", "--serial write write fw.bin",
        "-s 12 --reset write --json fw.bin", "--sim=nucleo write fw.bin", "--sim list sim list", "sim --json list",
        "--json sim --quiet list --reset", "-- write", "--bogus fw.bin write", "--reset", "", "--sim",
      ],
      [
        "write fw.bin", "write --reset fw.bin 0x08000000", "write --sim nucleo fw.bin", "write --serial write fw.bin",
        "write -s 12 --reset --json fw.bin", "write --sim=nucleo fw.bin", "sim list --sim list", "sim list --json",
        "sim list --json --quiet --reset", "-- write", "--bogus fw.bin write", "--reset", "", "--sim",
      ]))
  func `the verb comes to the front and nothing else moves`(line: String, expected: String) {
    #expect(normalized(line) == expected)
  }

  @Test func `what starts without asking the commands knows what they declare`() throws {
    let declared = try DeclaredOptions(of: Stflash.self)
    let tabulated = DeclaredOptions.tabulated(for: Stflash.self)
    #expect(declared.verbs.map(\.name).contains("write"))
    #expect(tabulated.verbs == declared.verbs)
    #expect(
      tabulated.valued == declared.valued,
      """
      DeclaredOptions.valuedOptions lacks \(declared.valued.subtracting(tabulated.valued).sorted()) and has \
      \(tabulated.valued.subtracting(declared.valued).sorted()) too many
      """)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no argument is lost or made up`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let words = ["write", "sim", "list", "--sim", "--serial=1", "-s", "--", "-", "", "fw.bin", "--reset", "-vv"]
    let arguments = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
      words.randomElement(using: &generator) ?? ""
    }
    let result = normalizer.normalize(arguments)
    #expect(result.sorted() == arguments.sorted(), "seed \(seed): \(arguments)")
    #expect(normalizer.normalize(result) == result, "seed \(seed): \(arguments) is not stable")
  }
}
