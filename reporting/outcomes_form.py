"""Lets the inbox take the file of outcomes; apart from the file itself, so that who writes it loads no loader."""

from fut.inbox import Form, add_form
from reporting.outcomes_file import read_outcomes

FORM = Form("outcomes_file", "granskningsutfall*.csv", "outcomes", read_outcomes)
add_form(FORM)
