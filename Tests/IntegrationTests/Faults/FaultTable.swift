import Engine
import Failures

@testable import SimProbe

/// Every fault of the catalogue with every main operation, and what became of it.
struct FaultTable {
  /// One fault's row.
  struct Row {
    let fault: SimulatedFault
    let expectation: FaultExpectation
    /// In the order of `MainOperation.allCases`, with the fault at its usual moment.
    let outcomes: [FaultyBench.Outcome]
    /// In the order of `FaultTable.moments`, with the fault in mid-work; empty where it cannot strike there or does so anyway.
    let midwayOutcomes: [FaultyBench.Outcome]

    /// Whether each operation succeeds by itself.
    var isOvercome: Bool { outcomes.allSatisfy { $0 == .done } }

    var verdicts: [FaultExpectation.Verdict] {
      (outcomes + midwayOutcomes).compactMap { outcome in
        if case .failed(let report) = outcome { expectation.verdict(on: report) } else { nil }
      }
    }
  }

  let rows: [Row]

  /// The chip that a fault is tried on: one that has what the fault breaks.
  private static let chips = [
    "pcrop": "stm32f412ce", "options-erased": "stm32f412ce", "vcap-missing": "stm32f412ce",
    "jumpers-open": "nucleo-f446re", "button-held": "nucleo-f446re",
  ]

  /// Runs all of them.
  static func run() throws -> FaultTable {
    FaultTable(
      rows: try Simulation.faults.map { fault in
        let outcomes = try MainOperation.allCases.map { operation in
          try FaultyBench(chips[fault.name] ?? "stm32f407vg", faults: [fault.name]).perform(operation)
        }
        return Row(
          fault: fault, expectation: FaultExpectation(fault), outcomes: outcomes,
          midwayOutcomes: try midwayOutcomes(of: fault))
      })
  }

  /// When a fault strikes in the middle of an operation: in the first erase, or while the chip is being looked at.
  static let moments: [(operation: MainOperation, moment: String)] = [
    (.write, "operation=erase:1"), (.verify, "command=24"), (.erase, "operation=erase:1"), (.read, "command=24"),
  ]

  private static func midwayOutcomes(of fault: SimulatedFault) throws -> [FaultyBench.Outcome] {
    // What another program has left behind is there when the session begins.
    guard fault.canHappen, fault.likeness != .leftBehind, try Fault(fault.name).moment == nil else { return [] }
    // Commands and transfers are a probe's.
    guard fault.group != .serial, fault.group != .dfu else { return [] }
    return try moments.map { operation, moment in
      try FaultyBench(chips[fault.name] ?? "stm32f407vg", faults: ["\(fault.name)@\(moment)"]).perform(operation)
    }
  }

  /// The page docs/faults.md.
  var page: String {
    """
    # Faults that can be simulated

    <!-- Written by FaultTableTests; STFLASH_UPDATE_GOLDENS=1 swift test --filter FaultTableTests writes it anew. -->

    `--sim-fault NAME[=ARGUMENT][@MOMENT[..END]]`, as often as you like, breaks something on a simulated bench; `stflash sim faults`
    lists the same catalogue. A fault acts on a part, a wire, a voltage or a cell, and the answers follow; none makes up a
    reply. It is there from the start, or from a moment on: `@command=N` and `@transfer=N` count what the probe gets, `@transfer=N` also requests at
    the board's own USB, `@character=N`
    what a serial adapter carries in either direction,
    `@operation=erase:N` (`program:N`, `options:N`) strikes in the middle of the flash's n-th operation, `@address=0x08004000`
    in the middle of the first operation that changes this address, `@time=250ms` when so much simulated time has passed.
    Behind two dots stands when it is over again: at such a moment, or so long after it has happened. `nrst-low@..time=2s` is a
    reset button that is let go after two seconds, `unpowered@command=30..+500ms` a supply that comes back,
    `unplugged@command=24..+1s` a probe that is plugged in again (for whoever opens it anew; on a virtual bus at another address).
    Firmware and option bytes are those of a fresh chip: with `--sim-state`, a chip that has a state keeps it.

    A board with faults of its own is a file: `docs/simulated-probe.md`, "Board files".

    \(FaultGroup.allCases.map(section).joined(separator: "\n"))
    ## What stflash makes of them

    Each fault alone, each operation on a bench of its own, with the usual argument and moment; those of the serial port with
    the ROM bootloader at 115200 baud, those of DFU with it on USB, all others with a probe. An operation is *done*, or it ends
    with the exit code's name and the cause that it names first; (alike) where that is another cause which the host
    cannot tell from the real one, **(other)** where it is neither. No operation may report a success that is none.

    | Fault | \(MainOperation.allCases.map(\.rawValue).joined(separator: " | ")) |
    |---|\(MainOperation.allCases.map { _ in "---|" }.joined())
    \(rows.map { line($0, $0.outcomes) }.joined(separator: "\n"))

    The same where a fault strikes in mid-work: in the middle of the first erase of a write or an erase, and at the 24th command of
    a verify or a read.

    | Fault | \(Self.moments.map(\.operation.rawValue).joined(separator: " | ")) |
    |---|\(Self.moments.map { _ in "---|" }.joined())
    \(rows.filter { !$0.midwayOutcomes.isEmpty }.map { line($0, $0.midwayOutcomes) }.joined(separator: "\n"))

    \(figures)

    """
  }

  private func section(_ group: FaultGroup) -> String {
    """
    ## \(group.rawValue.capitalizedFirst)

    | Fault | What is broken | What the host can see | From |
    |---|---|---|---|
    \(rows.map(\.fault).filter { $0.group == group }.map(description).joined(separator: "\n"))

    """
  }

  private func description(_ fault: SimulatedFault) -> String {
    let argument = fault.parameter.map { " Argument: \($0.text)." } ?? ""
    let second = fault.secondParameter.map { " Behind a slash: \($0.text)." } ?? ""
    let end = fault.canEnd ? " It can end." : ""
    return "| `\(fault.name)` | \(fault.broken)\(argument)\(second)\(end) | \(fault.visible) | \(fault.origin) |"
  }

  private func line(_ row: Row, _ outcomes: [FaultyBench.Outcome]) -> String {
    let cells = outcomes.map { outcome in
      switch outcome {
      case .done: return "done"
      case .falseSuccess: return "**false success**"
      case .failed(let report):
        let cause = report.causes.first.map(\.rawValue) ?? "no cause"
        let mark =
          switch row.expectation.verdict(on: report) {
          case .exact: ""
          case .alike: " (alike)"
          case .wrong: " **(other)**"
          }
        return "`\(report.category.rawValue)` \(cause)\(mark)"
      }
    }
    return "| `\(row.fault.name)` | \(cells.joined(separator: " | ")) |"
  }

  private var figures: String {
    let verdicts = rows.flatMap(\.verdicts)
    let exact = verdicts.count { $0 == .exact }
    let alike = verdicts.count { $0 == .alike }
    let falseSuccesses = rows.flatMap { $0.outcomes + $0.midwayOutcomes }.count { $0 == .falseSuccess }
    return """
      \(rows.count) faults, of which \(rows.count { $0.isOvercome }) stop no operation. \(verdicts.count) operations failed: \
      \(exact) name the fault first (\(percentage(exact, of: verdicts.count))), \(alike) another of its class \
      (\(percentage(exact + alike, of: verdicts.count)) together), \(verdicts.count - exact - alike) something else. \
      False successes: \(falseSuccesses).
      """
  }

  private func percentage(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "none" : "\(part * 100 / whole) %"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
