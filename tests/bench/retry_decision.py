"""How long the first retry decision of a process takes, and the next ones: `python -m tests.bench.retry_decision`.

Airflow itself is loaded before the clock starts, as in a task process. Processor time is what counts on a busy machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

RUNS = 9
CODE = """
import time
import airflow.sdk
from airflow_provider_wfintel.policies.diagnosis_retry_policy import DiagnosisRetryPolicy
policy, error = DiagnosisRetryPolicy(), ConnectionResetError(104, "Connection reset by peer")
took = []
for each in (error, KeyError("customer"), error):
    begun = time.process_time()
    policy.evaluate(each, 1, 3)
    took.append(1000 * (time.process_time() - begun))
print(*took)
"""


def main() -> None:
    """Print the medians, in milliseconds of processor time."""
    rows = []
    # As installed: compiled files are there. The first run, which may have to write them, does not count.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for number in range(RUNS + 1):
        result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True, env=around)
        if number:
            rows.append([float(item) for item in result.stdout.split()[-3:]])
    for name, values in zip(
        ("first", "first of another cause", "same cause again"), zip(*rows, strict=True), strict=True
    ):
        print(f"{name:<24} {statistics.median(values):7.1f} ms (least {min(values):.1f})")


if __name__ == "__main__":
    main()
