"""Judge what somebody said: claims, the figures behind them, and of whom a figure is true."""
