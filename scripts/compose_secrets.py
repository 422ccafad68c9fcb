"""Make the secret files that docker-compose.yaml reads, once. Files that are there stay as they are.

    python3 scripts/compose_secrets.py [FOLDER]        # default: ./secrets

Standard library only. The folder is for its owner only (0700); the files in it can be read by all, because containers
read them as users of their own and a mount does not pass through the folder.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from pathlib import Path

__all__ = ["make_secrets"]


def make_secrets(folder: Path) -> tuple[str, ...]:
    """Make what is missing in the folder; returns the names of the files that were made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    made: list[str] = []

    def keep(name: str, text: str) -> str:
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            path.chmod(0o444)
            made.append(name)
        return path.read_text(encoding="utf-8").strip()

    database = keep("postgres_password", secrets.token_urlsafe(24))
    broker = keep("redis_password", secrets.token_urlsafe(24))
    user = keep("wfintel_password", secrets.token_urlsafe(24))
    keep("admin_password", secrets.token_urlsafe(18))
    keep("fernet_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    keep("jwt_secret", secrets.token_urlsafe(64))
    keep("api_secret_key", secrets.token_urlsafe(48))
    keep("database_url", f"postgresql+psycopg2://airflow:{database}@postgres:5432/airflow")
    keep("result_backend_url", f"db+postgresql+psycopg2://airflow:{database}@postgres:5432/airflow")
    keep("broker_url", f"redis://:{broker}@redis:6379/0")
    keep("redis.conf", f"requirepass {broker}\nappendonly yes\ndir /data\nprotected-mode yes\n")
    wfintel = {"conn_type": "wfintel", "host": "api-server", "port": 8080, "login": "wfintel", "password": user}
    mail = {"conn_type": "smtp", "host": "mail", "port": 1025, "extra": {"disable_ssl": True, "disable_tls": True}}
    keep("connections.json", json.dumps({"wfintel_default": wfintel, "smtp_default": mail}, indent=1))
    return tuple(made)


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    new = make_secrets(place)
    print(f"{place}: {', '.join(new) or 'everything is there'}")
