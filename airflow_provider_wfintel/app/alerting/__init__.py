"""The parts of alerting; `app.alerts` is their front."""
