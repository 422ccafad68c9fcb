"""Looks at the services behind connections.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wfintel_service_checks",
        sa.Column("conn_id", sa.String(length=250), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("conn_type", sa.String(length=250), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("latency_seconds", sa.Double(), nullable=True),
        sa.Column("login_seconds", sa.Double(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("conn_id", "checked_at", name="pk_wfintel_service_checks"),
        # Airflow takes tables without a version for those of the first one: they may be newer.
        if_not_exists=True,
    )
    name = "ix_wfintel_service_checks_checked_at"
    op.create_index(name, "wfintel_service_checks", ["checked_at"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("wfintel_service_checks")
