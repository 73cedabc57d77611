extension RegisterTable {
  /// RM0090, 13.13.
  static let analogConverter = RegisterTable(
    """
    SR     0   0        0 z3F
    CR1    4   0  7C0FFFF
    CR2    8   0 7F7F0F03
    SMPR1  C   0 FFFFFFFF
    SMPR2 10   0 FFFFFFFF
    JOFR1 14   0      FFF x4/4
    HTR   24 FFF      FFF
    LTR   28   0      FFF
    SQR1  2C   0   FFFFFF
    SQR2  30   0 3FFFFFFF
    SQR3  34   0 3FFFFFFF
    JSQR  38   0   3FFFFF
    JDR1  3C   0        0 x4/4
    DR    4C   0        0
    """)

  /// RM0090, 13.13.15 to 13.13.17.
  static let analogCommon = RegisterTable(
    """
    CSR 0 0      0
    CCR 4 0 C3EF1F
    CDR 8 0      0
    """)

  /// RM0090, 14.5.
  static let analogOutput = RegisterTable(
    """
    CR       0 0 3FFF3FFF
    SWTRIGR  4 0        0 w3
    DHR12R1  8 0      FFF
    DHR12L1  C 0     FFF0
    DHR8R1  10 0       FF
    DHR12R2 14 0      FFF
    DHR12L2 18 0     FFF0
    DHR8R2  1C 0       FF
    DHR12RD 20 0  FFF0FFF
    DHR12LD 24 0 FFF0FFF0
    DHR8RD  28 0     FFFF
    DOR1    2C 0        0
    DOR2    30 0        0
    SR      34 0        0 c20002000
    """)

  /// RM0402, 15.8; RM0430 has twice as many channels.
  static let sigmaDelta = RegisterTable(
    """
    CHCFG0R1         0        0 C0FFF1EF
    CHCFG0R2         4        0 FFFFFFF8 x8/20
    AWSCD0R          8        0   DFF0FF x8/20
    CHWDAT0R         C        0     FFFF x8/20
    CHDATIN0R       10        0 FFFFFFFF x8/20
    CHCFG1R1        20        0     F1EF x7/20
    DFSDM0_CR1     100        0 672E673B x4/100
    DFSDM0_CR2     104        0   FFFF7F x4/100
    DFSDM0_ISR     108   FF0000        0 x4/100
    DFSDM0_ICR     10C        0 FFFF000C x4/100
    DFSDM0_JCHGR   110        1       FF x4/100
    DFSDM0_FCR     114        0 E3FF00FF x4/100
    DFSDM0_JDATAR  118        0        0 x4/100
    DFSDM0_RDATAR  11C        0        0 x4/100
    DFSDM0_AWHTR   120        0 FFFFFF0F x4/100
    DFSDM0_AWLTR   124        0 FFFFFF0F x4/100
    DFSDM0_AWSR    128        0        0 x4/100
    DFSDM0_AWCFR   12C        0     FFFF x4/100
    DFSDM0_EXMAX   130 80000000        0 x4/100
    DFSDM0_EXMIN   134 7FFFFF00        0 x4/100
    DFSDM0_CNVTIMR 138        0        0 x4/100
    """)
}
