"""What leaves the application: outcomes to the next run, case files, reports."""
