/// What exceptions are called (ARMv7-M, B1.5.2).
public enum ExceptionName {
  private static let system: [Int: String] = [
    0: "Thread", 1: "Reset", 2: "NMI", 3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault", 11: "SVCall",
    12: "DebugMonitor", 14: "PendSV", 15: "SysTick",
  ]
  private static let firstInterrupt = 16

  /// The name of an exception by its number: "SysTick", "IRQ 28"; 0 is the program itself.
  public static func of(_ number: Int) -> String {
    if let name = system[number] { return name }
    return number >= firstInterrupt ? "IRQ \(number - firstInterrupt)" : "exception \(number)"
  }
}
