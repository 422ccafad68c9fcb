"""The trigger of a deferred task cannot connect."""

import os

from airflow.sdk import BaseOperator, dag

FAULT = {
    "labels": ("connection_refused", "trigger_failure"),
    "evidence": "Connect call failed",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": (),
}


@dag(schedule=None)
def trigger_refused():
    class Wait(BaseOperator):
        def execute(self, context):
            from fault_triggers import RefusedTrigger

            self.defer(trigger=RefusedTrigger(int(os.environ["FAULT_CLOSED_PORT"])), method_name="done")

        def done(self, context, event=None):
            return event

    wait = Wait(task_id="job")


trigger_refused()
