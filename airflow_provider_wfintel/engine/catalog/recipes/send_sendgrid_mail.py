RECIPE = {
    "description": "Send an e-mail through SendGrid.",
    "decorator": "task",
    "actions": ["notify"],
    "services": ["sendgrid"],
    "connections": {"conn_id": "sendgrid_default"},
    "distribution": "apache-airflow-providers-sendgrid",
}


def send_sendgrid_mail(
    recipients: str | list, subject: str, message: str, conn_id: str = "sendgrid_default"
) -> None:
    """Send `message` to `recipients`; the sender's address is the connection's `from_email`."""
    from airflow.providers.sendgrid.utils.emailer import send_email

    send_email(recipients, subject, message, conn_id=conn_id)
