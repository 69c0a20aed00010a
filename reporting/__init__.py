"""One formatter for numbers and dates, pictures, the Excel list, the HTML report and the case file."""
