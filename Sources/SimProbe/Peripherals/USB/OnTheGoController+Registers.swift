/// What software reads and writes.
extension OnTheGoController {
  /// What a register reads that its last write does not say; nil for one that keeps what it was written.
  func value(at offset: UInt32) -> UInt32? {
    switch offset {
    case Register.interrupts: return interrupts
    case Register.receivePeek, Register.receivePop, Register.fifos...: return received.top
    case Register.endpointInterrupts: return endpointFlags
    case Register.deviceStatus:
      return (isSuspended ? 1 : 0) | (hasSpeed ? 0b11 << 1 : 0) | frame << 8 | (hasSpeed ? 0 : 0x10)
    case Register.control:
      return registers[offset] & ~(1 << 19) | (hasSession && hasBusVoltage ? 1 << 19 : 0)
    case Register.inputs:
      let (number, register) = Self.place(offset, in: Register.inputs)
      return inputs.indices.contains(number) ? inputValue(number, register) : nil
    case Register.outputs:
      let (number, register) = Self.place(offset, in: Register.outputs)
      return outputs.indices.contains(number) ? outputValue(number, register) : nil
    default: return nil
    }
  }

  private static func place(_ offset: UInt32, in range: Range<UInt32>) -> (number: Int, register: UInt32) {
    let distance = offset - range.lowerBound
    return (Int(distance / 0x20), distance % 0x20)
  }

  private func inputValue(_ number: Int, _ register: UInt32) -> UInt32? {
    switch register {
    case 0x00: inputs[number].control
    case 0x08: inputFlags(number)
    case 0x10: inputs[number].size
    case 0x18: UInt32(max(0, depth(ofInput: number) - inputs[number].words.count))
    default: nil
    }
  }

  private func outputValue(_ number: Int, _ register: UInt32) -> UInt32? {
    switch register {
    case 0x00: outputs[number].control
    // Bit 7, which is reserved, reads as the manual's reset value has it.
    case 0x08: outputs[number].flags | 0x80
    case 0x10: outputs[number].size
    default: nil
    }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Register.reset: writeReset(written)
    case Register.interrupts:
      flags &= ~(written & Interrupt.clearable)
      if flags & Interrupt.wakeUp == 0 { wakeUpRequest.drive(false) }
      updateInterrupt()
    case Register.usbConfiguration:
      if (registers[offset] ^ old) & 1 << 29 != 0 { forceMode(now: now) }
      updatePullUp()
    case Register.general, Register.control: updatePullUp()
    case Register.deviceConfiguration: writeAddress()
    case Register.deviceControl: writeDeviceControl(written, old)
    case Register.configuration, Register.inputMask, Register.outputMask, Register.emptyMask,
      Register.firstTransmitSize,
      Register.transmitSizes..<Register.transmitSizes + 0x40:
      updateAllEndpoints()
    case Register.inputs: writeInput(offset, written)
    case Register.outputs: writeOutput(offset, written)
    case Register.fifos...: fill(Int((offset - Register.fifos) / Register.fifoStride), written)
    default: updateInterrupt()
    }
  }

  /// GRSTCTL: the core's reset and the FIFOs' flushes end at once.
  private func writeReset(_ written: UInt32) {
    if written & 1 != 0 {
      // The core's own registers begin anew, but for how the transceiver is set up.
      let kept = [Register.usbConfiguration, Register.general].map { ($0, registers[$0]) }
      registers.reset()
      for (offset, value) in kept { registers[offset] = value }
      resetCore()
    }
    if written & 1 << 4 != 0 { received.clear() }
    if written & 1 << 5 != 0 {
      let wanted = Int(written >> 6 & 0x1F)
      for number in inputs.indices where wanted == 0x10 || inputs[number].fifo == wanted { inputs[number].flush() }
    }
    registers[Register.reset] = 1 << 31 | written & 0x7C0
    updateAllEndpoints()
  }

  /// DCFG.DAD is written while the request that brings it is under way, which ends at the old address.
  private func writeAddress() {
    if !isControlOpen { address = registers[Register.deviceConfiguration] >> 4 & 0x7F }
  }

  private func writeDeviceControl(_ written: UInt32, _ old: UInt32) {
    var control = registers[Register.deviceControl] & ~(DeviceControl.acting | 0b1100)
    control |= old & 0b1100
    if written & 1 << 7 != 0 { control |= DeviceControl.inputNAK }
    if written & 1 << 8 != 0 { control &= ~DeviceControl.inputNAK }
    if written & 1 << 9 != 0, control & DeviceControl.outputNAK == 0 {
      control |= DeviceControl.outputNAK
      // Takes effect at once: firmware waits for GONAKEFF without looking at the FIFO (TinyUSB).
      received.push(.globalNAK, endpoint: 0, isData1: false, frame: frame)
    }
    if written & 1 << 10 != 0 { control &= ~DeviceControl.outputNAK }
    registers[Register.deviceControl] = control
    if (control ^ old) & DeviceControl.remoteWakeUp != 0 {
      remoteWakeUp.send(control & DeviceControl.remoteWakeUp != 0)
    }
    updatePullUp()
    updateInterrupt()
  }

  private func writeInput(_ offset: UInt32, _ written: UInt32) {
    let (number, register) = Self.place(offset, in: Register.inputs)
    guard inputs.indices.contains(number) else { return }
    switch register {
    case 0x00:
      if inputs[number].writeControl(written) {
        inputs[number].control &= ~OnTheGoEndpoint.Control.enable
        inputs[number].flags |= OnTheGoEndpoint.Flag.disabled
      }
      if written & OnTheGoEndpoint.Control.setNAK != 0 {
        inputs[number].flags |= OnTheGoEndpoint.Flag.nakEffective
      }
    case 0x08: inputs[number].flags &= ~written
    case 0x10:
      inputs[number].byteCount = written & (number == 0 ? 0x7F : 0x7_FFFF)
      inputs[number].packetCount = written >> 19 & (number == 0 ? 0b11 : 0x3FF)
      inputs[number].upperCount = number == 0 ? 0 : written >> 29 & 0b11
    default: return
    }
    updateInput(number)
  }

  private func writeOutput(_ offset: UInt32, _ written: UInt32) {
    let (number, register) = Self.place(offset, in: Register.outputs)
    guard outputs.indices.contains(number) else { return }
    switch register {
    case 0x00:
      // Endpoint 0 cannot be disabled (RM0090, 34.16.4).
      if outputs[number].writeControl(written), number != 0 {
        outputs[number].control &= ~OnTheGoEndpoint.Control.enable
        outputs[number].flags |= OnTheGoEndpoint.Flag.disabled
      }
    case 0x08: outputs[number].flags &= ~written
    case 0x10:
      outputs[number].byteCount = written & (number == 0 ? 0x7F : 0x7_FFFF)
      outputs[number].packetCount = written >> 19 & (number == 0 ? 0b1 : 0x3FF)
      outputs[number].upperCount = written >> 29 & 0b11
    default: return
    }
    updateOutput(number)
  }

  /// A word for an endpoint's transmit FIFO; one that has no room is lost.
  private func fill(_ number: Int, _ word: UInt32) {
    guard inputs.indices.contains(number), inputs[number].words.count < depth(ofInput: number) else { return }
    inputs[number].fill(word)
    updateInput(number)
  }
}
