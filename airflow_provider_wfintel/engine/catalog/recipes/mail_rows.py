RECIPE = {
    "description": "Send rows as the CSV attachment of an e-mail.",
    "decorator": "task",
    "actions": ["notify"],
    "services": ["smtp"],
    "connections": {"conn_id": "smtp_default"},
    "distribution": "apache-airflow-providers-smtp",
}


def mail_rows(
    rows: list,
    recipients: str | list,
    subject: str,
    message: str,
    file_name: str = "report.csv",
    conn_id: str = "smtp_default",
) -> int:
    """Send `rows` (records or tuples) to `recipients` as the file `file_name`; return how many rows it holds."""
    import csv
    import tempfile
    from pathlib import Path

    from airflow.providers.smtp.hooks.smtp import SmtpHook

    records = bool(rows) and isinstance(rows[0], dict)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file_name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if records:
                writer.writerow(rows[0])
            writer.writerows(row.values() if records else row for row in rows)
        with SmtpHook(smtp_conn_id=conn_id) as hook:
            hook.send_email_smtp(to=recipients, subject=subject, html_content=message, files=[str(path)])
    return len(rows)
