"""The report as JUnit XML, the form that build servers read (JUnit形式の報告).

A suite is a family of rules (``RES``), a case is a rule. Only findings that decide the exit status are a ``failure``.
Whatever did not run, cannot be told, is waived or stands on provisional grounds is ``skipped`` with a message and never
looks passed. Problems with waivers are failures of a suite of their own. No times, so that the bytes stay the same.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # nosec: writes only
from itertools import groupby

from municipal.conformance.findings import Standing
from municipal.conformance.privacy import printable
from municipal.conformance.reports.view import Judged, Shown, Tally, View, headline, share, tally
from municipal.conformance.reports.words import SECTIONS, Both, Section


def write(shown: View, language: str) -> bytes:
    """The report as JUnit XML; every sentence in Japanese and English (JUnitの書出し)."""
    root = ET.Element("testsuites", name=_joined(headline(shown)))
    for family, judged in groupby(shown.rules, key=lambda rule: rule.result.code.split("-")[0]):
        _suite(root, family, tuple(judged))
    if shown.report.problems:
        _problems(root, shown.report.problems)
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.attrib[attribute]) for suite in root)))
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _joined(both: Both) -> str:
    return printable(" / ".join(filter(None, both)))


def _suite(root: ET.Element, family: str, rules: tuple[Judged, ...]) -> None:
    suite = ET.SubElement(root, "testsuite", name=family)
    counts = tally(rules)
    properties = ET.SubElement(suite, "properties")
    for name, value in _named(counts).items():
        ET.SubElement(properties, "property", name=name, value=str(value))
    for judged in rules:
        _case(suite, judged)
    _count(suite)


def _named(counts: Tally) -> dict[str, int]:
    rules = {f"rules.{name}": count for name, count in {"all": counts.rules, **counts.outcomes}.items()}
    return rules | {f"findings.{name}": count for name, count in counts.plain().items() if count is not None}


def _count(suite: ET.Element) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))


def _case(suite: ET.Element, judged: Judged) -> None:
    result = judged.result
    name = f"{result.code} {result.name}" + (" (provisional)" if result.standing is Standing.PROVISIONAL else "")
    case = ET.SubElement(suite, "testcase", classname=result.clause or result.code, name=name)
    if judged.section is Section.PASSED:
        return
    if judged.section is Section.FINDINGS:
        message = Both(
            f"{judged.says['ja'].what}（{share(judged).ja}）", f"{judged.says['en'].what} ({share(judged).en})"
        )
        ended = ET.SubElement(case, "failure", message=_joined(message), type=result.severity.value)
    else:
        ended = ET.SubElement(case, "skipped", message=_joined(_why(judged)))
    advice = [printable(text) for key in ("ja", "en") for text in judged.says[key][1:] if text]
    ended.text = "\n".join((*advice, *(_line(place, judged) for place in judged.shown))) if judged.shown else None


def _why(judged: Judged) -> Both:
    title = SECTIONS[judged.section]
    reason = Both(judged.result.reason_ja, judged.result.reason_en)
    if judged.result.count:
        reason = Both(*(f"{counts} {text}".strip() for counts, text in zip(share(judged), reason, strict=True)))
    return Both(f"{title.ja}：{reason.ja}".rstrip("："), f"{title.en}: {reason.en}".rstrip(": "))


def _line(place: Shown, judged: Judged) -> str:
    hint = f" [{place.value}]" if place.value else ""
    waiver = f" (waived: {place.waiver.approver}, {place.waiver.expires})" if place.waiver else ""
    where = f"{place.file}: {_joined(place.where)}{hint}{waiver}"
    what = Both(
        *(place.says[key].what if place.says[key].what != judged.says[key].what else "" for key in ("ja", "en"))
    )
    return printable(where) + (f": {_joined(what)}" if any(what) else "")


def _problems(root: ET.Element, problems: tuple[tuple[str, str], ...]) -> None:
    suite = ET.SubElement(root, "testsuite", name="waivers")
    for number, (ja, en) in enumerate(problems, 1):
        case = ET.SubElement(suite, "testcase", classname="waivers", name=f"waiver problem {number}")
        ET.SubElement(case, "failure", message=_joined(Both(ja, en)), type="error")
    _count(suite)
