RECIPE = {
    "description": "Compare the checksum of a file of the worker with the one that is expected.",
    "decorator": "task",
    "actions": ["check"],
    "services": ["filesystem"],
}


def verify_checksum(path: str, expected: str = "", checksum_path: str = "", algorithm: str = "sha256") -> str:
    """Fail if the file at `path` has not the checksum `expected`, or the first word of `checksum_path`."""
    import hashlib
    import hmac
    from pathlib import Path

    wanted = expected or Path(checksum_path or f"{path}.{algorithm}").read_text(encoding="utf-8").split()[0]
    digest = hashlib.new(algorithm)
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if not hmac.compare_digest(digest.hexdigest(), wanted.lower()):
        raise ValueError(f"{path} has the {algorithm} checksum {digest.hexdigest()}, not {wanted}")
    return path
