// Taking protection off.
extension TargetSession {
  /// Takes write protection off sectors; nothing is erased.
  ///
  /// - Returns: the sectors that were protected and are so no longer.
  /// - Throws: `SessionError.plan` where read protection or PCROP stands in the way.
  public func liftWriteProtection() throws(SessionError) -> [Sector] {
    let plan = try planLiftingWriteProtection()
    let sectors = plan.before.markedSectors
    try execute(plan)
    return sectors
  }

  /// Works out what taking write protection off sectors would do; touches nothing.
  public func planLiftingWriteProtection() throws(SessionError) -> OptionPlan {
    let protection = ProtectionState(try readOptions().lasting)
    do throws(ProtectionRefusal) {
      try protection.checkReadable(protection.options.sectorMap?.sectors ?? [])
    } catch {
      throw .plan(.protection(error))
    }
    // No sector is protected where only bits without one are 0.
    if protection.writeProtectedSectors.isEmpty { return try planOptions(storing: protection.options) }
    return try planOptions { (options) throws(OptionRefusal) in try options.applying([.nothingWriteProtected]) }
  }

  /// Takes read protection, write protection and PCROP off, which erases the whole flash.
  ///
  /// - Throws: `SessionError.plan` at level 2, which nothing takes off.
  public func liftAllProtection() throws(SessionError) {
    try execute(try planLiftingAllProtection(), permitting: OptionPermissions(mayEraseEverything: true))
  }

  /// Works out what taking all protection off would do; touches nothing.
  ///
  /// The flash is erased in any case, a chip that is not protected included: that is what is asked for.
  public func planLiftingAllProtection() throws(SessionError) -> OptionPlan {
    let protection = ProtectionState(try readOptions().lasting)
    guard protection.readProtection != .level2 else {
      throw .plan(.protection(.readProtected(.level2, options: protection.options)))
    }
    return try planOptions(storing: protection.options.unprotected, erasesAnyway: true)
  }
}
