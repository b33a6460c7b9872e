"""The what-if page: levers, the state they are in, the work behind them, and the page that shows it."""
