"""Graph components of the NLU pipeline and the plain functions behind them."""
