"""What officers read: one formatter, own pictures, the Excel list and the HTML report of a published run."""
