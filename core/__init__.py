"""Tables that indicators and features both stand on: payments, netting, visit neighbours, pairs, compensation."""
