"""Use cases of a failed try: open a session, resolve it within the policy, verify, undo, close."""
