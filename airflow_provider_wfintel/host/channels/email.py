"""E-mail, by SMTP (connection type `smtp`). All messages about one incident are one thread."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.host.channels.channel import Channel, missing_provider, options_of

__all__ = ["EMAIL"]

_MOST_SUBJECT = 200


def _send(message: Message, receiver: Receiver) -> None:
    try:
        from airflow.providers.smtp.hooks.smtp import SmtpHook
    except ImportError as error:
        raise missing_provider("email", "apache-airflow-providers-smtp") from error
    options = options_of(receiver)
    with SmtpHook(smtp_conn_id=receiver.connection) as hook:
        hook.send_email_smtp(
            to=[item.strip() for item in options["to"].split(",") if item.strip()],
            from_email=options.get("from"),
            subject=" ".join(message.subject.split())[:_MOST_SUBJECT],
            html_content=message.as_html(),
            custom_headers={
                # The same message twice has the same id, by which mail systems drop the second.
                "Message-ID": f"<{message.key}@wfintel.airflow>",
                "References": f"<{message.incident}@wfintel.airflow>",
                "Auto-Submitted": "auto-generated",
            },
        )


EMAIL = Channel("email", _send, options=("to", "from"), required=("to",))
