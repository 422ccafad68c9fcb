"""Floor 5: the REST routes. They translate requests, call use cases of `app`, and translate the answers back."""
