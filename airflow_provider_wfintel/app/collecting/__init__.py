"""The parts of the collector; `app.collect` is their front."""
