RECIPE = {
    "description": "Read the records of a small CSV file.",
    "decorator": "task",
    "actions": ["extract"],
    "services": ["filesystem"],
}


def read_csv_rows(path: str, delimiter: str = ",", limit: int = 10000) -> list[dict]:
    """Return the rows as records; more than `limit` is an error, since results travel as XCom."""
    import csv
    from pathlib import Path

    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    if len(rows) > limit:
        raise ValueError(f"{path} has {len(rows)} rows, more than {limit}")
    return rows
