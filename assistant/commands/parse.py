"""``assistant parse``: quantities, doses, effects, negation and risky notation read out of text."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from assistant.commands.common import read_rows, read_text, write_row
from assistant.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "parse",
        help="read quantities, doses, effects and negation out of text",
        description="Read quantities (UCUM), dosages (FHIR R4), effect measures, negation and risky notation out of text.",
    )
    parser.add_argument("file", nargs="?", default="-", help="the text to read; - (the default) for standard input")
    parser.add_argument("--locale", help="how numbers are written in the text, e.g. en-GB or de; default: English")
    parser.add_argument("--json", action="store_true", help="one JSON object, as in a row of --jsonl")
    parser.add_argument(
        "--jsonl", action="store_true", help="read rows {id, text, locale?} from standard input, write one row for each"
    )


def run(args: argparse.Namespace) -> int:
    from assistant.parsing import read, reading_to_json

    if args.jsonl:
        if args.file != "-":
            raise InputError("usage", "--jsonl reads rows from standard input")
        for row in read_rows(sys.stdin):
            locale = row.get("locale") or args.locale
            reading = read(str(row.get("text", "")), str(locale) if locale else None)
            write_row({"id": row.get("id"), **reading_to_json(reading)})
        return 0
    parsed = reading_to_json(read(read_text(args.file), args.locale))
    print(json.dumps(parsed, ensure_ascii=False, indent=2) if args.json else parse_table(parsed))
    return 0


def parse_table(parsed: dict[str, Any]) -> str:
    """One line for each thing found: what it is, where, what it means."""
    lines: list[str] = []
    for quantity in parsed["quantities"]:
        lines.append(_line(quantity["kind"], quantity, _value(quantity)))
    for effect in parsed["effects"]:
        interval = f" ({effect['ci_low']} to {effect['ci_high']})" if effect.get("ci_low") is not None else ""
        lines.append(f"{'effect':14} {'':9} {effect['measure']} {effect['value']}{interval}")
    for dosage in parsed["dosages"]:
        lines.append(f"{'dosage':14} {'':9} {json.dumps(dosage, ensure_ascii=False)}")
    for span in parsed["polarity"]:
        lines.append(_line(span["value"], span, f"cue: {span['cue']}"))
    for flag in parsed["flags"]:
        safe = f"; write {flag['safe_form']!r}" if flag.get("safe_form") else ""
        lines.append(_line(f"! {flag['kind']}", flag, f"{flag['why']}{safe}"))
    return "\n".join(lines) if lines else "nothing found"


def _line(kind: str, item: dict[str, Any], words: str) -> str:
    return f"{kind:14} {item['start']:>4}-{item['end']:<4} {words}"


def _value(quantity: dict[str, Any]) -> str:
    if "value" in quantity:
        amount = f"{quantity['comparator']} {quantity['value']}"
    else:
        amount = f"{quantity['low']} to {quantity['high']}"
    unit = "(unknown unit)" if quantity["unit"] is None else "" if quantity["unit"] == "1" else quantity["unit"]
    doubt = f"  [not trusted: {', '.join(quantity['distrust'])}]" if quantity.get("distrust") else ""
    return f"{amount} {unit}".rstrip() + f"   {quantity['text']!r}{doubt}"
