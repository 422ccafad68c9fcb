"""A deferred task waits longer than its trigger may."""

from datetime import timedelta

from airflow.sdk import BaseOperator, dag

FAULT = {
    "labels": ("execution_timeout", "trigger_failure", "sensor_timeout"),
    "evidence": "timeout",
    "acceptable": ("retry_backoff", "raise_timeout"),
    "harmful": (),
}


@dag(schedule=None)
def trigger_timeout():
    class Wait(BaseOperator):
        def execute(self, context):
            from fault_triggers import WaitTrigger

            self.defer(trigger=WaitTrigger(), method_name="done", timeout=timedelta(seconds=3))

        def done(self, context, event=None):
            return event

    wait = Wait(task_id="job")


trigger_timeout()
