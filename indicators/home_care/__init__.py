"""Home care: time records against decisions, plans, absences, payroll and pay."""
