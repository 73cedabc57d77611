package import LinkInterface

/// The pins of a host, such as a single-board computer's, of which one may be wired to BOOT0 and one to NRST of a simulated chip.
package final class SimulatedHostPins: HostPins {
  private let board: Board
  private let wiring: SerialAdapterWiring
  private var driven: Set<Int> = []

  /// How many there are, as on a Raspberry Pi.
  private static let count = 54

  init(board: Board, wiring: SerialAdapterWiring) {
    self.board = board
    self.wiring = wiring
  }

  package func drive(_ pin: Int, high: Bool) throws(PinError) {
    guard pin < Self.count else { throw PinError(.missing, pin: pin, device: "the simulated host") }
    driven.insert(pin)
    apply(pin, high: high)
  }

  /// A pin that nobody drives leaves BOOT0 to its pull-down and NRST to its pull-up.
  package func release() {
    for pin in driven { apply(pin, high: pin != wiring.boot0Pin) }
    driven = []
  }

  private func apply(_ pin: Int, high: Bool) {
    board.chip.synchronise()
    if pin == wiring.boot0Pin { board.chip.boot0 = high }
    if pin == wiring.resetPin { board.changeReset { $0.isHeldByAdapter = !high } }
  }
}
