#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A text that is looked for in a line: as it stands, or as an extended regular expression of POSIX.
///
/// Both are tried, so that a user who writes "3 tests (all passed)" or "*** OK" means what is written.
final class TextPattern {
  private let text: String
  private var expression = regex_t()
  private let isExpression: Bool

  /// Takes a text over; one that is no expression is only looked for as it stands.
  init(_ text: String) {
    self.text = text
    isExpression = regcomp(&expression, text, REG_EXTENDED | REG_NOSUB) == 0
  }

  deinit {
    if isExpression { regfree(&expression) }
  }

  /// Whether a line holds it.
  func isIn(_ line: String) -> Bool {
    line.contains(text) || isExpression && regexec(&expression, line, 0, nil, 0) == 0
  }
}
