"""The newest sessions of failed tries are found without reading all of them.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = "ix_wfintel_troubleshooting_sessions_opened_at"
TABLE = "wfintel_troubleshooting_sessions"


def upgrade() -> None:
    # Airflow takes tables without a version for those of the first one: they may be newer.
    op.create_index(NAME, TABLE, ["opened_at"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index(NAME, TABLE, if_exists=True)
