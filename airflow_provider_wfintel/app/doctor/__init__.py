"""Whether a deployment can work: one check per file, all of them in `examine.CHECKS`."""
