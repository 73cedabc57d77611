import Basics
import Engine
import Failures

// `load` and `flash-erase`: everything is done when GDB says that it was all, by the flash engine.
extension GDBServer {
  func flashErase(_ rest: ArraySlice<UInt8>) -> Answer {
    guard let (address, length) = GDBServer.place(rest.dropFirst()), length > 0, UInt32.max - address >= length else {
      return .failure("a malformed request")
    }
    load.erased.append(address..<address + length)
    return .done
  }

  func flashWrite(_ rest: ArraySlice<UInt8>) -> Answer {
    let content = rest.dropFirst()
    guard let colon = content.firstIndex(of: UInt8(ascii: ":")), let address = RemotePacket.number(content[..<colon]),
      let bytes = RemotePacket.unescaped(content[(colon + 1)...])
    else { return .failure("a malformed request") }
    if bytes.isEmpty { return .done }
    guard let segment = FirmwareImage.Segment(address: address, bytes: bytes) else {
      return .failure("a malformed request")
    }
    load.written.append(segment)
    return .done
  }

  func flashDone() throws(SessionError) -> Answer {
    defer { load.forget() }
    do throws(SessionError) {
      // Whole sectors that nothing is written to: GDB's flash-erase.
      for range in load.onlyErased {
        for sector in sectors(in: range) { try debugger.erase(.sectors([sector.number])) }
      }
      if load.written.isEmpty { return .done }
      let image: FirmwareImage
      do throws(ImageError) {
        image = try FirmwareImage(joining: load.written, name: "load")
      } catch {
        return .failure(error.report.summary)
      }
      if let plan = try debugger.load(image, keeping: load.inRAM) {
        log(
          .work(
            plan.isEmpty
              ? "load: the flash holds it already"
              : "load: \(plan.programmedByteCount.inBytes) programmed and verified"))
      }
      load.forgetWrites()
      return .done
    } catch {
      guard error.isOfTheTarget else { throw error }
      let report = error.report
      for line in report.evidence { log(.failure(line)) }
      heldText.append("stflash: \(report.summary)\n")
      return .failure(report.summary)
    }
  }

  private func sectors(in range: Range<UInt32>) -> [Sector] {
    debugger.device.sectorMap.sectors.filter { $0.range.overlaps(range) }
  }
}
