"""Red flags in payments to suppliers."""
