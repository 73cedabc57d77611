import ArgumentParser
import SimProbe

/// A fault of the simulator on the command line.
enum FaultArgument {
  /// Reads `NAME[=ARGUMENT][@MOMENT]`.
  static func fault(_ text: String) throws -> Fault {
    do throws(FaultError) {
      return try Fault(text)
    } catch {
      throw ValidationError("\(error.text) ('stflash sim faults' lists them)")
    }
  }
}
