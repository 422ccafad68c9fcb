RECIPE = {
    "description": "Write an upstream result to a text, Markdown, CSV or JSON file.",
    "decorator": "task",
    "actions": ["load", "notify", "transform"],
    "services": ["filesystem"],
}


def write_report(value: object, path: str, title: str = "Report") -> str:
    """Write `value` in the form that the ending of `path` asks for and return the path."""
    import csv
    import io
    import json
    from datetime import datetime, timezone
    from pathlib import Path

    target = Path(path)
    records = value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else []
    columns = list(dict.fromkeys(key for record in records for key in record))
    if target.suffix == ".json":
        text = json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
    elif target.suffix == ".csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns or ["value"])
        writer.writerows([[record.get(key) for key in columns] for record in records] or [[value]])
        text = buffer.getvalue()
    elif records:
        head = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
        lines = ["| " + " | ".join(str(record.get(key, "")) for key in columns) + " |" for record in records]
        text = f"# {title}\n\n" + "\n".join(head + lines) + "\n"
    else:
        text = f"# {title}\n\n{value}\n"
    if target.suffix not in (".json", ".csv"):
        text += f"\nWritten {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return str(target)
