extension RegisterTable {
  /// TIM1 and TIM8: RM0090, 17.4.
  static let advancedTimer = RegisterTable(
    """
    CR1    0    0  3FF
    CR2    4    0 7FFD
    SMCR   8    0 FFF7
    DIER   C    0 7FFF
    SR    10    0    0 z1EFF
    EGR   14    0    0 wFF
    CCMR1 18    0 FFFF
    CCMR2 1C    0 FFFF
    CCER  20    0 3FFF
    CNT   24    0 FFFF
    PSC   28    0 FFFF
    ARR   2C FFFF FFFF
    RCR   30    0   FF
    CCR1  34    0 FFFF x4/4
    BDTR  44    0 FFFF
    DCR   48    0 1F1F
    DMAR  4C    0 FFFF
    """)

  /// TIM2 and TIM5, 32 bits wide: RM0090, 18.4.
  static let wideTimer = RegisterTable(
    """
    CR1    0        0      3FF
    CR2    4        0       F8
    SMCR   8        0     FFF7
    DIER   C        0     5F5F
    SR    10        0        0 z1E5F
    EGR   14        0        0 w5F
    CCMR1 18        0     FFFF
    CCMR2 1C        0     FFFF
    CCER  20        0     BBBB
    CNT   24        0 FFFFFFFF
    PSC   28        0     FFFF
    ARR   2C FFFFFFFF FFFFFFFF
    CCR1  34        0 FFFFFFFF x4/4
    DCR   48        0     1F1F
    DMAR  4C        0     FFFF
    OR    50        0      C00
    """)

  /// TIM3 and TIM4: RM0090, 18.4.
  static let generalTimer = RegisterTable(
    """
    CR1    0    0  3FF
    CR2    4    0   F8
    SMCR   8    0 FFF7
    DIER   C    0 5F5F
    SR    10    0    0 z1E5F
    EGR   14    0    0 w5F
    CCMR1 18    0 FFFF
    CCMR2 1C    0 FFFF
    CCER  20    0 BBBB
    CNT   24    0 FFFF
    PSC   28    0 FFFF
    ARR   2C FFFF FFFF
    CCR1  34    0 FFFF x4/4
    DCR   48    0 1F1F
    DMAR  4C    0 FFFF
    """)

  /// TIM6 and TIM7: RM0090, 20.4.
  static let basicTimer = RegisterTable(
    """
    CR1   0    0   8F
    CR2   4    0   70
    DIER  C    0  101
    SR   10    0    0 z1
    EGR  14    0    0 w1
    CNT  24    0 FFFF
    PSC  28    0 FFFF
    ARR  2C FFFF FFFF
    """)

  /// TIM9 and TIM12: RM0090, 19.4.
  static let twoChannelTimer = RegisterTable(
    """
    CR1    0    0  38F
    CR2    4    0   70
    SMCR   8    0   F7
    DIER   C    0   47
    SR    10    0    0 z647
    EGR   14    0    0 w47
    CCMR1 18    0 7F7F
    CCER  20    0   BB
    CNT   24    0 FFFF
    PSC   28    0 FFFF
    ARR   2C FFFF FFFF
    CCR1  34    0 FFFF
    CCR2  38    0 FFFF
    """)

  /// TIM10, TIM13 and TIM14: RM0090, 19.5.
  static let oneChannelTimer = RegisterTable(
    """
    CR1    0    0  387
    DIER   C    0    3
    SR    10    0    0 z203
    EGR   14    0    0 w3
    CCMR1 18    0   7F
    CCER  20    0    B
    CNT   24    0 FFFF
    PSC   28    0 FFFF
    ARR   2C FFFF FFFF
    CCR1  34    0 FFFF
    """)

  /// TIM11: RM0090, 19.5.
  static let remappableTimer = RegisterTable(
    """
    CR1    0    0  387
    DIER   C    0    3
    SR    10    0    0 z203
    EGR   14    0    0 w3
    CCMR1 18    0   7F
    CCER  20    0    B
    CNT   24    0 FFFF
    PSC   28    0 FFFF
    ARR   2C FFFF FFFF
    CCR1  34    0 FFFF
    OR    50    0    3
    """)

  /// RM0401, 18.6.
  static let lowPowerTimer = RegisterTable(
    """
    ISR   0 0       0
    ICR   4 0       0 w7F
    IER   8 0      7F
    CFGR  C 0 1FEEEDF
    CR   10 0       7
    CMP  14 0    FFFF
    ARR  18 1    FFFF
    CNT  1C 0       0
    OPTR 20 0       3
    """)

  /// RM0090, 26.6.
  static let realTimeClock = RegisterTable(
    """
    TR        0      0   7F7F7F
    DR        4   2101   FFFF3F
    CR        8      0   F7FFDF
    ISR       C      7     7FA8
    PRER     10 7F00FF   7F7FFF
    WUTR     14   FFFF     FFFF
    CALIBR   18      0       9F
    ALRMAR   1C      0 FFFFFFFF
    ALRMBR   20      0 FFFFFFFF
    WPR      24      0        0 wFF
    SSR      28      0        0
    SHIFTR   2C      0        0 w80007FFF
    TSTR     30      0        0
    TSDR     34      0        0
    TSSSR    38      0        0
    CALR     3C      0     E1FF
    TAFCR    40      0    7FF9F
    ALRMASSR 44      0  F007FFF
    ALRMBSSR 48      0  F007FFF
    BKP0R    50      0 FFFFFFFF x20/4
    """)
}
