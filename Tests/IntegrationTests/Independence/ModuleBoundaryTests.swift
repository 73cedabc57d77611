import TestSupport
import Testing

/// A module imports what docs/architecture.md and Package.swift say, and nothing else.
@Suite struct ModuleBoundaryTests {
  /// What a module may import that belongs to the system; Foundation would be 10 MB of a program that is linked statically.
  private static let system: [String: Set<String>] = {
    let cLibrary: Set = ["Glibc", "Musl", "Darwin"]
    return [
      "Basics": [], "Failures": [], "LinkInterface": ["Synchronization"], "Engine": ["Synchronization"],
      "SimProbe": cLibrary,
      "Trace": [],
      "DebugServer": [], "Sockets": cLibrary,
      "LinkServer": cLibrary.union(["Synchronization"]), "Links": cLibrary,
      "stflash": cLibrary.union(["Synchronization", "FoundationEssentials", "Foundation"]),
    ]
  }()

  /// What each target depends on, as the manifest has it.
  private static func dependencies() throws -> [String: Set<String>] {
    let manifest = try PackageFiles.text("Package.swift")
      .replacing(/,?\s*condition: \.when\([^)]*\)/, with: "").replacing(/package: "[^"]*"/, with: "")
    let target = /\.(?:target|executableTarget)\(\s*name: "(?<name>\w+)"(?:,\s*dependencies: \[(?<list>[^\]]*)\])?/
    let pairs = manifest.matches(of: target).map { match in
      (String(match.name), Set((match.list ?? "").matches(of: /"(\w+)"/).map { String($0.1) }))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  @Test func `no module imports what it may not`() throws {
    let dependencies = try Self.dependencies()
    for (module, system) in Self.system {
      let allowed = try #require(dependencies[module], "Package.swift has no target \(module)").union(system)
      let lines = try PackageFiles.lines(below: "Sources/\(module)")
      #expect(!lines.isEmpty, "the sources of \(module) have been found")
      // A regular expression for each of 50,000 lines would take seconds.
      for line in lines where line.code.contains("import ") {
        guard let match = line.code.firstMatch(of: /^\s*(?:@?\w+ )*import (?:(?:struct|class|enum|func) )?(\w+)/)
        else { continue }
        #expect(
          allowed.contains(String(match.1)),
          "\(line): \(module) may import \(allowed.sorted().joined(separator: ", ")); see docs/architecture.md")
      }
    }
  }

  @Test func `every folder of sources has its limits`() throws {
    let swift = try PackageFiles.lines(below: "Sources").map { String($0.file.split(separator: "/")[1]) }
    #expect(Set(swift) == Set(Self.system.keys), "a module is named in this suite, and in docs/architecture.md")
  }

  @Test func `docs/architecture.md has the manifest's edges`() throws {
    let dependencies = try Self.dependencies()
    let page = try PackageFiles.text("docs/architecture.md")
    for module in Self.system.keys where module != "stflash" {
      let row = try #require(
        page.split(separator: "\n").first { $0.hasPrefix("| `\(module)` |") },
        "docs/architecture.md has no row for \(module)")
      let told = Set((row.split(separator: "|").last ?? "").matches(of: /`(\w+)`/).map { String($0.1) })
      let edges = try #require(dependencies[module]).filter { Self.system.keys.contains($0) }
      #expect(told == edges, "the last column of \(module)'s row in docs/architecture.md")
    }
  }

  /// What a package that depends on this one can import; what other modules declare is for this package.
  private static let products: Set = ["Engine", "Failures", "LinkInterface", "SimProbe"]

  @Test func `only products have public declarations`() throws {
    let declaration = /^\s*(?:@\w+ )*public\b/
    for module in Self.system.keys where !Self.products.contains(module) {
      for line in try PackageFiles.lines(below: "Sources/\(module)") where line.code.contains("public") {
        guard line.code.contains(declaration) else { continue }
        Issue.record("\(line): say `package`, or nothing")
      }
    }
  }

  /// Each transcribes the manuals by itself: docs/decisions/0002-no-shared-constants.md.
  @Test func `engine and simulator never meet below the command line`() throws {
    let dependencies = try Self.dependencies()
    func reached(from module: String) -> Set<String> {
      (dependencies[module] ?? []).reduce([module]) { $0.union(reached(from: $1)) }
    }
    #expect(reached(from: "Engine") == ["Engine", "Failures", "LinkInterface", "Basics"])
    #expect(reached(from: "SimProbe") == ["SimProbe", "LinkInterface", "Basics"])
    for module in ["Trace", "Links", "LinkServer"] {
      #expect(!reached(from: module).contains("Engine"), "\(module) knows the engine")
    }
  }
}
