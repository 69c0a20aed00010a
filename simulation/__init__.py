"""A municipality that pays, errs and cheats in known ways; writes files in the raw contracts' shape."""
