/// How the bytes of a file become an image.
public struct ImageReadingOptions: Sendable, Equatable {
  /// The format that the user insists on; nil to go by the content.
  public var format: ImageFormat?
  /// Where the bytes of a raw binary belong.
  ///
  /// For the other formats it may be given as long as it is the image's own first address.
  public var baseAddress: UInt32?
  /// Whether the file's own bytes are taken, whatever they are; `format` does not count then.
  ///
  /// Without it content in another known format, content that is no firmware (`ForeignContent`) and a program that
  /// cannot start are refused, since they are nearly always a mistake.
  public var takesContentAsIs: Bool
  /// Whether a raw binary at the start of the flash has to begin as a program does.
  public var expectsProgram: Bool

  /// Makes options; the defaults go by the content and expect nothing of it.
  public init(
    format: ImageFormat? = nil, baseAddress: UInt32? = nil, takesContentAsIs: Bool = false, expectsProgram: Bool = false
  ) {
    self.format = format
    self.baseAddress = baseAddress
    self.takesContentAsIs = takesContentAsIs
    self.expectsProgram = expectsProgram
  }
}
