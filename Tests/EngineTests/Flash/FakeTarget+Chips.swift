extension FakeTarget.Chip {
  /// An F429 with 2 MiB in two banks.
  static var f429I: FakeTarget.Chip {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x2001_6419
    chip.sizeHalfword = 2048
    chip.sectors = bank(1024, firstCode: 0) + bank(1024, firstCode: 16)
    chip.hasSecondBank = true
    return chip
  }

  /// An F429 with 1 MiB cut in two banks by DB1M.
  static var f429GDual: FakeTarget.Chip {
    var chip = f429I
    chip.sizeHalfword = 1024
    chip.sectors = bank(512, firstCode: 0) + bank(512, firstCode: 16)
    chip.optionControl |= 1 << 30
    return chip
  }

  /// An F413 with 1.5 MiB in one bank.
  static var f413H: FakeTarget.Chip {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x1000_6463
    chip.sizeHalfword = 1536
    chip.sectors = bank(1536, firstCode: 0)
    chip.optionControl = 0x7FFF_AAED
    return chip
  }

  /// An F410 with 64 KiB.
  static var f410x8: FakeTarget.Chip {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x1000_6458
    chip.sizeHalfword = 64
    chip.sectors = bank(64, firstCode: 0)
    return chip
  }

  /// An F401 with 256 KiB.
  static var f401C: FakeTarget.Chip {
    var chip = FakeTarget.Chip()
    chip.identityCode = 0x1000_6423
    chip.sizeHalfword = 256
    chip.sectors = bank(256, firstCode: 0)
    return chip
  }

  /// An F207 with 1 MiB.
  static var f207G: FakeTarget.Chip {
    var chip = FakeTarget.Chip()
    chip.processorID = 0x412F_C230
    chip.identityCode = 0x2003_6411
    return chip
  }

  /// One of each geometry.
  static var zoo: [FakeTarget.Chip] { [f410x8, f401C, f207G, FakeTarget.Chip(), f429I, f429GDual, f413H] }
}
