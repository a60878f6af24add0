"""Writes core/data/languages.json and core/data/office_names.json: names in the six languages.

Usage: .venv/bin/python scripts/make_names.py. Names come from the Unicode CLDR through Babel; where
the United Nations say otherwise, scripts/names_of_states.json wins. The results are committed: run
this only when a language or an office was added.
"""

import csv
import json
from pathlib import Path

from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "core" / "data"
SIX = ("ar", "zh", "en", "fr", "ru", "es")
# Spoken by many possible experts, yet an official language of no office.
ALSO = (
    "ak as bho bm bo ceb ckb cy eo eu ff fo gd gl gu ha ig jv kab kg kl kn kok lg ln lu mai ml "
    "mr ne no om or pa prs rm sa sd su te tt ug wo yo yue"
)
NAMES_OF_LANGUAGES = {
    "gil": {"ar": "لغة جزر جيلبرت"},  # CLDR says "of the people of Gibraltar"
    "prs": {
        "ar": "الدرية", "zh": "达里语", "en": "Dari", "fr": "dari", "ru": "дари", "es": "darí",
    },
}  # fmt: skip
Names = dict[str, str]


def languages(offices: list[dict[str, str]]) -> dict[str, Names]:
    """Every language of an office and the other great ones, by code."""
    codes = {code for office in offices for code in office["languages_bcp47"].split()}
    return {code: name_of_language(code) for code in sorted(codes | set(ALSO.split()) | set(SIX))}


def name_of_language(code: str) -> Names:
    """What the language is called in the six."""
    ours = NAMES_OF_LANGUAGES.get(code, {})
    return {
        six: ours.get(six) or Locale(six).languages.get(code) or Locale("en").languages[code]
        for six in SIX
    }


def office_names(offices: list[dict[str, str]]) -> dict[str, Names]:
    """The state (or, for a regional office, the organisation) of each office, by code."""
    special = json.loads((ROOT / "scripts" / "names_of_states.json").read_text("utf-8"))
    return {
        office["code"]: {
            six: special.get(office["code"], {}).get(six) or from_cldr(office, six) for six in SIX
        }
        for office in offices
    }


def from_cldr(office: dict[str, str], language: str) -> str:
    """The state's name; English is that of offices.csv, which follows the United Nations."""
    if language == "en":
        return office["name_en"]
    return str(Locale(language).territories[office["iso2"]])


def write(name: str, rows: dict[str, Names]) -> None:
    """One row a line, so that a change is easy to see."""
    lines = (
        json.dumps({"code": code, "names": names}, ensure_ascii=False)
        for code, names in rows.items()
    )
    (DATA / name).write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


def main() -> None:
    """Reads the offices, writes both files."""
    with (DATA / "offices.csv").open(encoding="utf-8", newline="") as file:
        offices = list(csv.DictReader(file))
    write("languages.json", languages(offices))
    write("office_names.json", office_names(offices))


if __name__ == "__main__":
    main()
