#if os(Linux)
import CLinux
import LinkInterface
import Testing

@testable import Links

#if canImport(Glibc)
import Glibc
#endif

/// GPIO of this computer, by a kernel that the test stands for, and what the real one says here.
@Suite struct SystemPinsTests {
  /// Chips of eight lines; what is asked of them.
  private final class Kernel: GPIODevice {
    var log: [String] = []
    var failures: [String: CInt] = [:]
    private var count: CInt = 10

    private func answer<Value>(_ what: String, _ value: () -> Value) -> Result<Value, GPIOFailure> {
      log.append(what)
      if let code = failures[what] { return .failure(GPIOFailure(code: code)) }
      return .success(value())
    }
    private func next() -> CInt {
      count += 1
      return count
    }

    func open(_ path: String) -> Result<CInt, GPIOFailure> { answer("open \(path)") { next() } }
    func lineCount(of device: CInt) -> Result<Int, GPIOFailure> { .success(8) }
    func claim(_ line: Int, of device: CInt, high: Bool) -> Result<CInt, GPIOFailure> {
      answer("claim \(line) \(high)") { next() }
    }
    func set(_ claimed: CInt, high: Bool) -> Result<Void, GPIOFailure> { answer("set \(claimed) \(high)") {} }
    func close(_ descriptor: CInt) { log.append("close \(descriptor)") }
  }

  private let nowhere = SystemPins.Places(devices: "/dev", chips: "/nowhere")

  @Test func `a pin is claimed once with its level, driven then, and given back`() throws {
    let kernel = Kernel()
    let pins = SystemPins(kernel: kernel, places: nowhere)
    try pins.drive(3, high: true)
    try pins.drive(3, high: false)
    pins.release()
    pins.release()
    #expect(kernel.log == ["open /dev/gpiochip0", "claim 3 true", "close 11", "set 12 false", "close 12"])
  }

  @Test func `numbers count over the chips as sysfs has them`() throws {
    let folder = "/tmp/stflash-pins-\(getpid())"
    let device = "\(folder)/gpiochip512/device/gpiochip2"
    var path = ""
    for part in device.split(separator: "/") {
      path += "/\(part)"
      mkdir(path, 0o700)
    }
    defer {
      for name in ["base", "ngpio"] { unlink("\(folder)/gpiochip512/\(name)") }
      while path.utf8.count >= folder.utf8.count {
        rmdir(path)
        path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      }
    }
    for (name, text) in [("base", "512\n"), ("ngpio", "8\n")] {
      let file = open("\(folder)/gpiochip512/\(name)", O_WRONLY | O_CREAT, 0o600)
      write(file, text, text.utf8.count)
      close(file)
    }
    let kernel = Kernel()
    let pins = SystemPins(kernel: kernel, places: SystemPins.Places(devices: "/dev", chips: folder))
    try pins.drive(515, high: true)
    #expect(kernel.log.prefix(2) == ["open /dev/gpiochip2", "claim 3 true"])
    #expect(throws: PinError(.missing, pin: 520, device: "/dev/gpiochip0")) { try pins.drive(520, high: true) }
  }

  @Test(
    arguments: [
      (ENOENT, .unavailable), (EACCES, .denied), (EPERM, .denied), (ENOTTY, .unavailable),
    ] as [(CInt, PinError.Reason)])
  func `what stands in the way is told apart`(code: CInt, reason: PinError.Reason) {
    let kernel = Kernel()
    kernel.failures = ["open /dev/gpiochip0": code]
    let pins = SystemPins(kernel: kernel, places: nowhere)
    #expect(throws: PinError(reason, pin: 3, device: "/dev/gpiochip0")) { try pins.drive(3, high: true) }
  }

  @Test func `a pin that a driver holds is busy, and its chip is closed`() {
    let kernel = Kernel()
    kernel.failures = ["claim 3 true": EBUSY]
    let pins = SystemPins(kernel: kernel, places: nowhere)
    #expect(throws: PinError(.busy, pin: 3, device: "/dev/gpiochip0")) { try pins.drive(3, high: true) }
    #expect(kernel.log.last == "close 11")
  }

  /// The kernel's numbers of the requests hold the sizes of the structures (ioctl(2): two bits of direction, 14 of size).
  @Test func `requests have the sizes that their numbers say`() {
    let size = { (request: UInt) in Int(request >> 16 & 0x3FFF) }
    #expect(MemoryLayout<stflash_gpio_chip_info>.size == size(KernelGPIODevice.Request.chipInfo))
    #expect(MemoryLayout<stflash_gpio_line_request>.size == size(KernelGPIODevice.Request.claimLines))
    #expect(MemoryLayout<stflash_gpio_line_values>.size == size(KernelGPIODevice.Request.setValues))
    var request = KernelGPIODevice.request(for: 5, high: true)
    let bytes = withUnsafeBytes(of: &request) { Array($0) }
    // Offsets 0, consumer 256, flags 288, attributes 320, lines 560 (linux/gpio.h).
    #expect(bytes[0] == 5 && bytes[256] == 0x73 && bytes[288] == 8 && bytes[296] == 1)
    #expect(bytes[320] == 2 && bytes[328] == 1 && bytes[336] == 1 && bytes[560] == 1)
  }

  @Test func `a device that is no GPIO chip has no pins`() {
    let pins = SystemPins(
      kernel: KernelGPIODevice(), places: SystemPins.Places(devices: "/nowhere", chips: "/nowhere"))
    #expect(throws: PinError(.unavailable, pin: 1, device: "/nowhere/gpiochip0")) { try pins.drive(1, high: true) }
  }
}
#endif
