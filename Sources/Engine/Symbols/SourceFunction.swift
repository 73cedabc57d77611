/// A function of the source that is at work at an address: the one that the code there belongs to, or one that the compiler
/// has put into it.
public struct SourceFunction: Sendable, Hashable {
  /// The name in the source, without what it is a member of; nil where the file gives none.
  public var name: String?
  /// The mangled name, of languages that have such.
  public var linkageName: String?
  /// Where in this function the address is: of a function that others were put into, where it calls the next inner one.
  public var location: SourceLine?
  /// Whether the compiler has put it into the next function instead of calling it.
  public var isInlined: Bool

  /// Makes a function.
  public init(name: String?, linkageName: String? = nil, location: SourceLine?, isInlined: Bool) {
    self.name = name
    self.linkageName = linkageName
    self.location = location
    self.isInlined = isInlined
  }
}
