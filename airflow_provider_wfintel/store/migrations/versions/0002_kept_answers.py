"""Answers of writes under the keys that callers gave them.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    # Tables that were made without a version are taken by Airflow for those of 0001, whatever there is.
    op.create_table(
        "wfintel_kept_answers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_wfintel_kept_answers"),
        if_not_exists=True,
    )
    op.create_index("ix_wfintel_kept_answers_made_at", "wfintel_kept_answers", ["made_at"], if_not_exists=True)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("wfintel_kept_answers")
