// swift-tools-version: 6.2
import PackageDescription

// Our own builds take settings that SwiftPM refuses in a dependency, or that would break somebody's build with a newer
// compiler: docs/decisions/0014-development-settings.md. SwiftPM keeps what it depends on in these folders.
let isDependency = ["/checkouts/", "/registry/downloads/"].contains { Context.packageDirectory.contains($0) }
let isDevelopment = Context.environment["STFLASH_DEVELOPMENT"].map { $0 == "1" } ?? !isDependency

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .define("USB", .when(traits: ["USB"])),
  ] + (isDevelopment ? [.treatAllWarnings(as: .error)] : [])

// The simulated core is about ten times slower without, and the tests run firmware; what they do with it goes through the
// engine, and through state files and recordings of a MiB.
let optimisedInDebug: [SwiftSetting] = isDevelopment ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []

let package = Package(
  name: "stflash",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "stflash", targets: ["stflash"]),
    .library(name: "Failures", targets: ["Failures"]),
    .library(name: "LinkInterface", targets: ["LinkInterface"]),
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "SimProbe", targets: ["SimProbe"]),
  ],
  traits: [
    .trait(name: "USB", description: "Drive real ST-LINK probes through libusb-1.0; without it, simulator only."),
    .default(enabledTraits: ["USB"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Below everything: bytes, hexadecimal, quantities; no hardware constant.
    .target(name: "Basics", swiftSettings: settings + optimisedInDebug),
    // What failures are told with: report, cause, advice, remedy. The simulator does not know it.
    .target(name: "Failures", swiftSettings: settings),
    .target(name: "LinkInterface", dependencies: ["Basics"], swiftSettings: settings),
    .target(
      name: "Engine", dependencies: ["Basics", "Failures", "LinkInterface"], swiftSettings: settings + optimisedInDebug),
    .target(
      name: "SimProbe", dependencies: ["Basics", "LinkInterface"], swiftSettings: settings + optimisedInDebug),
    .target(
      name: "Trace", dependencies: ["Basics", "LinkInterface"], swiftSettings: settings + optimisedInDebug),
    // Sockets and the loop that serves them; nothing of what is said over them.
    .target(name: "Sockets", dependencies: ["Failures", "LinkInterface"], swiftSettings: settings),
    .target(name: "DebugServer", dependencies: ["Basics", "Engine", "Failures"], swiftSettings: settings),
    .systemLibrary(name: "CLinux"),
    .target(
      name: "LinkServer",
      dependencies: [
        "Basics", "Failures", "LinkInterface", "Sockets", "SimProbe",
        .target(name: "CLinux", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: settings),
    .systemLibrary(
      name: "CLibUSB",
      pkgConfig: "libusb-1.0",
      providers: [.apt(["libusb-1.0-0-dev"]), .brew(["libusb"])]
    ),
    .target(
      name: "Links",
      dependencies: [
        "Basics", "Failures", "LinkInterface", .target(name: "CLibUSB", condition: .when(traits: ["USB"])),
        .target(name: "CLinux", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: settings
    ),
    // What only the build knows; scripts/build-release tells it.
    .target(
      name: "CBuildFacts",
      cSettings: Context.environment["STFLASH_COMMIT"].map { [.define("STFLASH_COMMIT", to: "\"\($0)\"")] } ?? []),
    .executableTarget(
      name: "stflash",
      dependencies: [
        "Basics", "CBuildFacts", "DebugServer", "Failures", "LinkInterface", "Sockets", "Engine", "SimProbe",
        "LinkServer", "Trace", "Links",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "flash-simulated-chip", dependencies: ["Engine", "SimProbe"], path: "Examples/FlashSimulatedChip",
      swiftSettings: settings),
    .executableTarget(
      name: "stflash-bench", dependencies: ["Basics", "DebugServer", "Engine", "LinkInterface", "SimProbe", "Trace"],
      path: "Benchmarks/Sources", swiftSettings: settings),
    .executableTarget(
      name: "stflash-oracle", dependencies: ["Basics", "SimProbe"], path: "Tests/Oracle/Differential",
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Basics", "LinkInterface"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "LinkInterfaceTests", dependencies: ["Basics", "LinkInterface", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "EngineTests", dependencies: ["Basics", "Engine", "Failures", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "DebugServerTests", dependencies: ["DebugServer"], swiftSettings: settings),
    .testTarget(name: "SimProbeTests", dependencies: ["Basics", "SimProbe", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "TraceTests", dependencies: ["Basics", "Trace", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "LinkServerTests",
      dependencies: ["Basics", "Failures", "LinkServer", "Sockets", "SimProbe", "TestSupport"],
      swiftSettings: settings),
    // Runs against virtual probes, in `sim run` and in a QEMU guest: Tests/Clients, scripts/test-kernel.
    .executableTarget(
      name: "usb-check", dependencies: ["Basics", "LinkInterface", "Links"], path: "Tests/USBCheck",
      swiftSettings: settings),
    // A write that ends at every one of its transfers; optimised it takes minutes, in debug an hour: scripts/test.
    .executableTarget(
      name: "interruption-check", dependencies: ["Basics", "Engine", "Failures", "SimProbe", "LinkInterface"],
      path: "Tests/Interruptions",
      swiftSettings: settings),
    .testTarget(
      name: "LinksTests",
      dependencies: [
        "Basics", "Failures", "Links", "TestSupport", .target(name: "CLinux", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "Basics", "DebugServer", "Engine", "Failures", "SimProbe", "Trace", "TestSupport", "interruption-check",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CLITests",
      dependencies: ["Basics", "stflash", "Engine", "Failures", "SimProbe", "Sockets", "TestSupport"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
