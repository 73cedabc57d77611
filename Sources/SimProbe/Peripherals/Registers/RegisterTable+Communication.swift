extension RegisterTable {
  /// USARTs: RM0090, 30.6.
  static let usart = RegisterTable(
    """
    SR    0 C0    0 z360
    DR    4  0  1FF
    BRR   8  0 FFFF
    CR1   C  0 BFFF
    CR2  10  0 7F6F
    CR3  14  0  FFF
    GTPR 18  0 FFFF
    """)

  /// UARTs, without a clock output: RM0090, 30.6.
  static let uart = RegisterTable(
    """
    SR   0 C0    0 z160
    DR   4  0  1FF
    BRR  8  0 FFFF
    CR1  C  0 BFFF
    CR2 10  0 706F
    CR3 14  0  8CF
    """)

  /// RM0090, 28.5.
  static let spi = RegisterTable(
    """
    CR1      0  0 FFFF
    CR2      4  0   F7
    SR       8  2    0 z10
    DR       C  0 FFFF
    CRCPR   10  7 FFFF
    RXCRCR  14  0    0
    TXCRCR  18  0    0
    I2SCFGR 1C  0  FBF
    I2SPR   20  2  3FF
    """)

  /// RM0090, 27.6.
  static let i2c = RegisterTable(
    """
    CR1    0 0 BFFB
    CR2    4 0 1F3F
    OAR1   8 0 83FF
    OAR2   C 0   FF
    DR    10 0   FF
    SR1   14 0    0 zDF00
    SR2   18 0    0
    CCR   1C 0 CFFF
    TRISE 20 2   3F
    FLTR  24 0   1F
    """)

  /// RM0390, 23.7.
  static let fastModeI2C = RegisterTable(
    """
    CR1       0 0   FBDFFF
    CR2       4 0  7FFFFFF
    OAR1      8 0     87FF
    OAR2      C 0     87FE
    TIMINGR  10 0 F0FFFFFF
    TIMEOUTR 14 0 8FFF9FFF
    ISR      18 1        0
    ICR      1C 0        0 w3F38
    PECR     20 0        0
    RXDR     24 0        0
    TXDR     28 0        0
    """)

  /// RM0090, 32.9.
  static let controllerAreaNetwork = RegisterTable(
    """
    MCR     0    10002    180FF
    MSR     4      C02        0 c1C
    TSR     8 1C000000        0 c8F8F8F
    RF0R    C        0        0 c38
    RF1R   10        0        0 c38
    IER    14        0    38F7F
    ESR    18        0       70
    BTR    1C        0 C37F03FF
    TI0R  180        0 FFFFFFFF x3/10
    TDT0R 184        0 FFFF010F x3/10
    TDL0R 188        0 FFFFFFFF x3/10
    TDH0R 18C        0 FFFFFFFF x3/10
    RI0R  1B0        0        0 x2/10
    RDT0R 1B4        0        0 x2/10
    RDL0R 1B8        0        0 x2/10
    RDH0R 1BC        0        0 x2/10
    FMR   200 2A1C0E01     3F01
    FM1R  204        0  FFFFFFF
    FS1R  20C        0  FFFFFFF
    FFA1R 214        0  FFFFFFF
    FA1R  21C        0  FFFFFFF
    F0R1  240        0 FFFFFFFF x56/4
    """)

  /// RM0090, 31.9.
  static let cardInterface = RegisterTable(
    """
    POWER    0 0        3
    CLKCR    4 0     7FFF
    ARG      8 0 FFFFFFFF
    CMD      C 0     7FFF
    RESPCMD 10 0        0
    RESP1   14 0        0 x4/4
    DTIMER  24 0 FFFFFFFF
    DLEN    28 0  1FFFFFF
    DCTRL   2C 0      FFF
    DCOUNT  30 0        0
    STA     34 0        0
    ICR     38 0        0 wC007FF
    MASK    3C 0   FFFFFF
    FIFOCNT 48 0        0
    FIFO    80 0 FFFFFFFF
    """)

  /// RM0390, 27.5.
  static let digitalAudioReceiver = RegisterTable(
    """
    CR    0 0 77FFF
    IMR   4 0    7F
    SR    8 0     0
    IFCR  C 0     0 w3C
    DR   10 0     0
    CSR  14 0     0
    DIR  18 0     0
    """)

  /// RM0090, 29.17.
  static let serialAudio = RegisterTable(
    """
    GCR     0  0       33
    ACR1    4 40   FB3FEF x2/20
    ACR2    8  0     FFFF x2/20
    AFRCR   C  7    77FFF x2/20
    ASLOTR 10  0 FFFF0FDF x2/20
    AIM    14  0       7F x2/20
    ASR    18  8        0 x2/20
    ACLRFR 1C  0        0 w77 x2/20
    ADR    20  0 FFFFFFFF x2/20
    """)

  /// RM0390, 32.7.
  static let consumerElectronics = RegisterTable(
    """
    CR    0 0        7
    CFGR  4 0 FFFF01FF
    TXDR  8 0        0 wFF
    RXDR  C 0        0
    ISR  10 0        0 c1FFF
    IER  14 0     1FFF
    """)
}
