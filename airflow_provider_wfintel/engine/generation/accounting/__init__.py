"""Accounting: every content word of a text is carried by the spec, or it is told that it is not."""
