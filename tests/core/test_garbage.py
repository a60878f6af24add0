"""A process that serves or works spares what it has built from every collection to come."""

import gc
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config

from core.garbage import THRESHOLDS

GUNICORN = Path(__file__).parents[2] / "gunicorn.conf.py"


@pytest.fixture(autouse=True)
def _collecting_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_gunicorn_spares_what_each_of_its_processes_has_built() -> None:
    config = Config()
    for name, value in runpy.run_path(str(GUNICORN)).items():
        if name in config.settings:
            config.set(name, value)
    assert (config.worker_class_str, config.threads) == ("gthread", 8)
    built = [{"of": "no cycle"}]
    config.post_worker_init(object())
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == THRESHOLDS
    assert not any(one is built for one in gc.get_objects())


def test_what_comes_later_is_still_collected() -> None:
    runpy.run_path(str(GUNICORN))["post_worker_init"](object())
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
