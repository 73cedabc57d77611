/// What a core enters Stop and Standby with: the chip around it.
protocol DeepSleepController: AnyObject {
  /// The core sleeps with SCR.SLEEPDEEP set, and nothing wakes it at once.
  ///
  /// - Returns: whether the chip has entered Stop or Standby; while it has not, it is asked again.
  func enterDeepSleep() -> Bool

  /// The core leaves the sleep for which the chip had entered Stop or Standby.
  func leaveDeepSleep()
}
