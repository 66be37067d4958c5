"""``assistant calculate``: a clinical formula or score, with its operands, its arithmetic and its source."""

from __future__ import annotations

import argparse
import json

from assistant.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "calculate",
        help="a clinical formula or score, with its operands and source",
        description="Work out a clinical formula or score. "
        "Values carry units: creatinine=1.9mg/dL weight=70kg age=51 sex=female.",
    )
    parser.add_argument("name", nargs="?", help="the calculator, e.g. cockcroft_gault or 'creatinine clearance'")
    parser.add_argument(
        "inputs", nargs="*", metavar="KEY=VALUE", help="inputs with units; yes or no for criteria; dates as YYYY-MM-DD"
    )
    parser.add_argument("--list", action="store_true", help="name the calculators, or with NAME the inputs of one")
    parser.add_argument(
        "--strict", action="store_true", help="refuse criteria that were not given instead of taking them as absent"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    from assistant.calculators.registry import calculate, calculators, describe, find, result_to_json

    if args.list:
        chosen = (find(args.name),) if args.name else calculators()
        if args.json:
            print(json.dumps({"calculators": [describe(one) for one in chosen]}, ensure_ascii=False, indent=2))
        else:
            print(
                "\n".join(f"{one.name:30} {one.title}" for one in chosen) if not args.name else inputs_text(chosen[0])
            )
        return 0
    if not args.name:
        raise InputError("usage", "give a calculator and its inputs, or --list")
    result = calculate(args.name, _pairs(args.inputs), strict=args.strict)
    print(json.dumps(result_to_json(result), ensure_ascii=False, indent=2) if args.json else result_text(result))
    return 0


def _pairs(words: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise InputError("usage", f"{word!r}: write KEY=VALUE, e.g. creatinine=1.9mg/dL")
        if name.strip() in pairs:
            raise InputError("duplicate_input", f"{name.strip()} was given twice")
        pairs[name.strip()] = value.strip()
    return pairs


def inputs_text(calculator: object) -> str:
    """The inputs of one calculator, one on a line, as they are to be written."""
    from assistant.calculators.model import Calculator, Flag, Quantity
    from assistant.calculators.reading import need

    assert isinstance(calculator, Calculator)
    lines = [f"{calculator.title}", f"  {calculator.formula}"]
    for item in calculator.inputs:
        if isinstance(item, Flag):
            optional = not item.required
        else:
            optional = bool(getattr(item, "default", "")) or not getattr(item, "required", True)
        bounds = f" {item.low} to {item.high}" if isinstance(item, Quantity) else ""
        lines.append(f"  {need(item)}{bounds}{' [optional]' if optional else ''}")
    lines += [f"  source: {source.title} {source.doi or source.url}".rstrip() for source in calculator.sources]
    return "\n".join(lines)


def result_text(result: object) -> str:
    """The value first, then how it came about, what was assumed, and where the formula is from."""
    from assistant.calculators.model import Result

    assert isinstance(result, Result)
    outcome, calculator = result.outcome, result.calculator
    lines = [f"{calculator.title}: {result.text}"]
    lines += [f"  {outcome.reading}"] if outcome.reading else []
    lines += [f"  {name}: {value}" for name, value in outcome.also.items()]
    lines.append(f"formula: {calculator.formula}")
    lines.append(
        "operands: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in result.operands.items())
    )
    lines += [f"  {step}" for step in outcome.steps]
    if result.unsaid:
        lines.append(
            "not given, taken as absent or by default: " + ", ".join(name.replace("_", " ") for name in result.unsaid)
        )
    lines += [f"note: {note}" for note in outcome.notes]
    lines += [f"for: {calculator.scope}"] if calculator.scope else []
    lines += [f"source: {source.title} {source.doi or source.url}".rstrip() for source in calculator.sources]
    return "\n".join(lines)
