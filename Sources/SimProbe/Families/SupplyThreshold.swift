/// The supply at which a part goes into its power reset, and the one at which it leaves it, in millivolts.
struct SupplyThreshold: Equatable, Sendable {
  let falling: Int
  let rising: Int

  init(_ falling: Int, _ rising: Int) {
    self.falling = falling
    self.rising = rising
  }
}
