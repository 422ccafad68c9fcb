"""Commands that also work from a history file, over the tables of this deployment: one file per command."""
