"""The table `scores`, of every month scored so far: stated apart, so that who reads it loads no detector."""

SCORES = "scores"
TABLE = f"""CREATE TABLE IF NOT EXISTS {SCORES} (payment_id VARCHAR USING COMPRESSION zstd, booked_month VARCHAR,
  score DOUBLE, model_percentile DOUBLE)"""
COLUMNS = ("payment_id", "booked_month", "score", "model_percentile")
