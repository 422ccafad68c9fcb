"""All rewrites, in the order in which they are tried: less work first, then less waiting, then settings."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.rewrites import (
    deferrable,
    fuse_batch,
    fuse_chain,
    group_mapped,
    more_retries,
    on_assets,
    orders,
    pools,
    priorities,
    repeats,
    retries,
    retry_policy,
    sensors,
    skip_unchanged,
    split_loop,
    stagger,
    teardown,
    timeouts,
    top_level,
)
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Rewrite

__all__ = ["REWRITES"]

REWRITES: tuple[Rewrite, ...] = (
    top_level.REWRITE,
    repeats.COURIERS,
    repeats.REWRITE,
    orders.REWRITE,
    split_loop.REWRITE,
    split_loop.TOGETHER,
    fuse_chain.REWRITE,
    fuse_batch.REWRITE,
    group_mapped.REWRITE,
    sensors.LOOK_OFTEN,
    retries.REWRITE,
    more_retries.REWRITE,
    pools.REWRITE,
    priorities.REWRITE,
    sensors.FREE_SLOTS,
    deferrable.REWRITE,
    stagger.REWRITE,
    on_assets.REWRITE,
    timeouts.REWRITE,
    retry_policy.REWRITE,
    teardown.REWRITE,
    skip_unchanged.REWRITE,
)
