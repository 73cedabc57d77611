import ArgumentParser
import SimProbe

/// An option byte of a simulated chip on the command line.
enum OptionSettingArgument {
  /// Reads `NAME=VALUE`.
  static func setting(_ text: String) throws -> OptionSetting {
    do throws(OptionSettingError) {
      return try OptionSetting(text)
    } catch {
      throw ValidationError("\(error.text).")
    }
  }
}
