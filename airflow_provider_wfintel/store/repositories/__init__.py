"""One repository per concern. They take an open session and leave the commit to whoever opened it."""
