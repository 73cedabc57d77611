import Failures

// Breakpoints and watchpoints: what is wanted is kept here, and comes into the chip when the core goes on.
extension Debugger {
  /// Marks an instruction; one that is marked already stays so.
  ///
  /// - Returns: false where the chip has no room for another one, and where none can be set.
  public func setBreakpoint(at address: UInt32) throws(DebugError) -> Bool {
    let place = address & ~1
    if BreakpointUnit.range.contains(place) {
      let words = BreakpointUnit.words(wantedBreakpoints.filter { BreakpointUnit.range.contains($0) } + [place])
      guard words.count <= (try breakpoints.size()) else { return false }
    } else {
      guard device.ram.contains(where: { $0.range.contains(place) }) || AddressPlace(of: place) == .externalMemory
      else {
        return false
      }
    }
    wantedBreakpoints.insert(place)
    return true
  }

  /// Takes a mark away; whether there was one.
  public func removeBreakpoint(at address: UInt32) -> Bool { wantedBreakpoints.remove(address & ~1) != nil }

  /// Has accesses to memory stop the core.
  ///
  /// - Returns: false where the chip has too few comparators left for it.
  public func setWatchpoint(_ watchpoint: Watchpoint) throws(DebugError) -> Bool {
    if wantedWatchpoints.contains(watchpoint) { return true }
    let needed = (wantedWatchpoints + [watchpoint]).reduce(0) { $0 + $1.pieces.count }
    guard needed <= (try watchpoints.size()) else { return false }
    wantedWatchpoints.append(watchpoint)
    return true
  }

  /// Takes a watchpoint away; whether there was one.
  public func removeWatchpoint(_ watchpoint: Watchpoint) -> Bool {
    guard let index = wantedWatchpoints.firstIndex(of: watchpoint) else { return false }
    wantedWatchpoints.remove(at: index)
    return true
  }

  /// How many breakpoints in flash and how many watchpoint comparators the chip has.
  public func comparatorCounts() throws(DebugError) -> (breakpoints: Int, watchpoints: Int) {
    (try breakpoints.size(), try watchpoints.size())
  }

  /// What was asked for was checked when it was; a chip that was swapped may have less.
  func checkRoom() throws(DebugError) {
    let words = BreakpointUnit.words(wantedBreakpoints.filter { BreakpointUnit.range.contains($0) })
    guard words.count <= (try breakpoints.size()),
      wantedWatchpoints.reduce(0, { $0 + $1.pieces.count }) <= (try watchpoints.size())
    else {
      throw .probeUnusable(
        reason: "the chip has too few comparators for the breakpoints and watchpoints that are set",
        remedy: "Take some of them out")
    }
  }
}
