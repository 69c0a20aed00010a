"""Red flags, one file each, in a folder per risk area."""
