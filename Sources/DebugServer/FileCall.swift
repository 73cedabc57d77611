import Basics
import Engine

/// A semihosting call that GDB carries out for the program (GDB's manual, "File-I/O Remote Protocol Extension").
///
/// Some take several of GDB's calls. Handles are GDB's numbers and one more, since 0 is none that a program expects.
struct FileCall {
  /// What comes of an answer.
  enum Outcome {
    /// R0 gets this, and the program goes on.
    case returns(UInt32)
    /// GDB is asked for something more.
    case asks(String)
  }

  let call: SemihostingCall
  private var step = Step.only
  private var byteCount: UInt32 = 0
  private var handle: UInt32 = 0
  private var position: Int32 = 0

  private enum Step {
    case open
    case write
    case read
    case seek
    case isTerminal
    case only
    // The length of a file: where it stands, where its end is, and back.
    case position
    case end
    case back(length: Int32)
  }

  /// The names of GDB's calls and open's flags are the protocol's own.
  private static let openFlags: [UInt32] = [
    // r rb r+ r+b w wb w+ w+b a ab a+ a+b: read only 0, write only 1, both 2, append 8, create 0x200, truncate 0x400.
    0, 0, 2, 2, 0x601, 0x601, 0x602, 0x602, 0x209, 0x209, 0x20A, 0x20A,
  ]

  /// Translates a call; nil for one that the debugger answers itself.
  ///
  /// - Parameter word: reads a word of the block of parameters.
  init?(
    _ call: SemihostingCall, text length: (UInt32) throws(DebugError) -> UInt32, request: inout String,
    word: (UInt32) throws(DebugError) -> UInt32
  ) throws(DebugError) {
    self.call = call
    func field(_ index: UInt32) throws(DebugError) -> UInt32 { try word(call.parameter &+ 4 * index) }
    func hex(_ value: UInt32) -> String { RemotePacket.digits(value) }
    switch call.operation {
    case 0x01:
      let mode = try field(1)
      guard mode < 12 else { return nil }
      step = .open
      request = "Fopen,\(hex(try field(0)))/\(hex(try field(2) + 1)),\(hex(FileCall.openFlags[Int(mode)])),1b6"
    case 0x02: request = "Fclose,\(hex(try field(0) &- 1))"
    case 0x03: request = "Fwrite,1,\(hex(call.parameter)),1"
    case 0x04: request = "Fwrite,1,\(hex(call.parameter)),\(hex(try length(call.parameter)))"
    case 0x05:
      step = .write
      byteCount = try field(2)
      request = "Fwrite,\(hex(try field(0) &- 1)),\(hex(try field(1))),\(hex(byteCount))"
    case 0x06:
      step = .read
      byteCount = try field(2)
      request = "Fread,\(hex(try field(0) &- 1)),\(hex(try field(1))),\(hex(byteCount))"
    case 0x09:
      step = .isTerminal
      request = "Fisatty,\(hex(try field(0) &- 1))"
    case 0x0A:
      step = .seek
      request = "Flseek,\(hex(try field(0) &- 1)),\(hex(try field(1))),0"
    case 0x0C:
      step = .position
      handle = try field(0) &- 1
      request = "Flseek,\(hex(handle)),0,1"
    case 0x0E: request = "Funlink,\(hex(try field(0)))/\(hex(try field(1) + 1))"
    case 0x0F:
      request =
        "Frename,\(hex(try field(0)))/\(hex(try field(1) + 1)),\(hex(try field(2)))/\(hex(try field(3) + 1))"
    default: return nil
    }
  }

  /// What GDB's answer means for the program.
  ///
  /// - Parameter result: what GDB's call has returned; -1 where it has failed.
  mutating func take(_ result: Int32) -> Outcome {
    let failed = result < 0
    switch step {
    case .open: return .returns(failed ? .max : UInt32(bitPattern: result) + 1)
    case .write: return .returns(failed ? byteCount : byteCount - min(byteCount, UInt32(result)))
    case .read: return .returns(failed ? .max : byteCount - min(byteCount, UInt32(result)))
    case .seek: return .returns(failed ? .max : 0)
    case .isTerminal: return .returns(failed ? 0 : UInt32(result))
    case .only: return .returns(UInt32(bitPattern: result))
    case .position:
      if failed { return .returns(.max) }
      position = result
      step = .end
      return .asks("Flseek,\(RemotePacket.digits(handle)),0,2")
    case .end:
      if failed { return .returns(.max) }
      step = .back(length: result)
      return .asks("Flseek,\(RemotePacket.digits(handle)),\(String(position, radix: 16)),0")
    case .back(let length): return .returns(failed ? .max : UInt32(length))
    }
  }
}
