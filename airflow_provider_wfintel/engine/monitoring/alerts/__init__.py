"""Alerts: what is seen becomes one message per incident. A pure state machine; all of its state is plain JSON."""
