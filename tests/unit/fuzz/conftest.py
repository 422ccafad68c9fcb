"""How long the parsers are fuzzed: a short form with the other tests, `WFINTEL_FUZZ_EXAMPLES` (`make fuzz`) for more."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("WFINTEL_FUZZ_EXAMPLES", "40"))

# The short form tries the same each time: a build must not fail by chance. The long one looks for what is new.
settings.register_profile(
    "wfintel-fuzz",
    max_examples=EXAMPLES,
    derandomize="WFINTEL_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
