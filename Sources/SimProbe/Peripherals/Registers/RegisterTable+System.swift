extension RegisterTable {
  /// RM0090, 12.3.
  static let externalInterrupts = RegisterTable(
    """
    IMR    0 0 7FFFFF
    EMR    4 0 7FFFFF
    RTSR   8 0 7FFFFF
    FTSR   C 0 7FFFFF
    SWIER 10 0 7FFFFF
    PR    14 0      0 c7FFFFF
    """)

  /// RM0090, 10.5.
  static let directMemoryAccess = RegisterTable(
    """
    LISR    0  0        0
    HISR    4  0        0
    LIFCR   8  0        0 wF7D0F7D
    HIFCR   C  0        0 wF7D0F7D
    S0CR   10  0  FEFFFFF
    S0NDTR 14  0     FFFF x8/18
    S0PAR  18  0 FFFFFFFF x8/18
    S0M0AR 1C  0 FFFFFFFF x8/18
    S0M1AR 20  0 FFFFFFFF x8/18
    S0FCR  24 21       87 x8/18
    S1CR   28  0  FFFFFFF x7/18
    """)

  /// RM0090, 24.4.
  static let randomNumbers = RegisterTable(
    """
    CR 0 0 C
    SR 4 0 0 z60
    DR 8 0 0
    """)

  /// RM0090, 25.4.
  static let hash = RegisterTable(
    """
    CR         0 0    520F8 w4
    DIN        4 0 FFFFFFFF
    STR        8 0       1F w100
    HR0        C 0        0 x5/4
    IMR       20 0        3
    SR        24 1        0 z3
    CSR0      F8 0 FFFFFFFF x54/4
    HASH_HR0 310 0        0 x8/4
    """)

  /// RM0090, 23.6.
  static let cryptographic = RegisterTable(
    """
    CR          0 0    B83FC w4000
    SR          4 3        0
    DIN         8 0 FFFFFFFF
    DOUT        C 0        0
    DMACR      10 0        3
    IMSCR      14 0        3
    RISR       18 1        0
    MISR       1C 0        0
    K0LR       20 0        0 wFFFFFFFF x4/8
    K0RR       24 0        0 wFFFFFFFF x4/8
    IV0LR      40 0 FFFFFFFF
    IV0RR      44 0 FFFFFFFF
    IV1LR      48 0 FFFFFFFF
    IV1RR      4C 0 FFFFFFFF
    CSGCMCCM0R 50 0 FFFFFFFF x8/4
    CSGCM0R    70 0 FFFFFFFF x8/4
    """)

  /// RM0430, 23.6.
  static let aes = RegisterTable(
    """
    CR     0 0     1FFF
    SR     4 0        0
    DINR   8 0 FFFFFFFF
    DOUTR  C 0        0
    KEYR0 10 0 FFFFFFFF x4/4
    IVR0  20 0 FFFFFFFF x4/4
    """)
}
