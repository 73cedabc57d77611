import Basics
import Engine

/// What a chip has where, as GDB asks for it: it refuses every address that is not in it.
enum MemoryMapDocument {
  /// The document.
  static func document(_ regions: [DebugRegion]) -> String {
    var text = """
      <?xml version="1.0"?>
      <!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" \
      "http://sourceware.org/gdb/gdb-memory-map.dtd">
      <memory-map>

      """
    for region in regions {
      let place = "start=\"\(hexadecimal(region.start))\" length=\"\(hexadecimal(region.byteCount))\""
      switch region.kind {
      case .readWrite: text += "<memory type=\"ram\" \(place)/>\n"
      case .readOnly: text += "<memory type=\"rom\" \(place)/>\n"
      case .flash(let sectorByteCount):
        text += "<memory type=\"flash\" \(place)>"
        text += "<property name=\"blocksize\">\(hexadecimal(UInt32(sectorByteCount)))</property></memory>\n"
      }
    }
    return text + "</memory-map>\n"
  }

  private static func hexadecimal(_ value: UInt32) -> String { "0x" + RemotePacket.digits(value) }
}
