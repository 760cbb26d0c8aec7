"""The report as one HTML file: no script, no outside address, for screen, phone and paper (HTML形式の報告)."""

from __future__ import annotations

from municipal.conformance.reports.pieces import FILE, both, plain, rule, table
from municipal.conformance.reports.style import STYLE
from municipal.conformance.reports.view import Judged, View, dash, headline, remarks, taken_for
from municipal.conformance.reports.words import (
    CAUTION,
    DELIMITERS,
    NEWLINES,
    NONE,
    OUTCOMES,
    PRIVACY,
    SECTIONS,
    STANDINGS,
    Both,
    Section,
)
from municipal.conformance.results import ENGINE, JudgedFile

TITLE = Both("検査報告", "Report of the check")
_GROUNDS = {standing.value: words for standing, words in STANDINGS.items()}
_LISTED = (Section.UNTESTED, Section.INAPPLICABLE, Section.PASSED)


def write(shown: View, language: str) -> bytes:
    """The report as HTML; ``language`` comes first, the other one stands beneath it (HTMLの書出し)."""
    parts = [(name, title, body) for name, title, body in _parts(shown, language) if body]
    links = "".join(f'<li><a href="#{name}">{plain(title.first(language))}</a></li>' for name, title, _ in parts)
    sections = "".join(
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{both(title, language)}</h2>\n{body}</section>\n'
        for name, title, body in parts
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{plain(TITLE.first(language))} {shown.report.today}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{both(TITLE, language)}</h1>\n{_result(shown, language)}\n"
        f'<nav aria-label="{plain(Both("目次", "Contents").first(language))}"><ul>{links}</ul></nav>\n</header>\n'
        f"<main>\n{_tiles(shown, language)}{sections}</main>\n{_footer(shown, language)}</body>\n</html>\n"
    )
    return page.encode()


def _parts(shown: View, language: str) -> list[tuple[str, Both, str]]:
    sections = [(section.value.replace("_", "-"), SECTIONS[section], shown.section(section)) for section in Section]
    return [
        ("problems", Both("免除の問題", "Problems with waivers"), _problems(shown, language)),
        *((name, title, _rules(rules, language)) for name, title, rules in sections[:5]),
        ("files", Both("検査したファイル", "Files"), _files(shown, language)),
        ("packs", Both("使用した仕様パック", "Specification packs"), _packs(shown, language)),
        ("clauses", Both("要件ごとの結果", "Requirements"), _clauses(shown, language)),
        ("waivers", Both("免除の一覧", "Waivers"), _waivers(shown, language)),
        *((name, title, _rules(rules, language)) for name, title, rules in sections[5:]),
    ]


def _result(shown: View, language: str) -> str:
    lines = "".join(f"<li>{both(remark, language)}</li>" for remark in remarks(shown))
    listed = f"<ul>{lines}</ul>" if lines else ""
    return f'<div class="result exit{int(shown.report.exit)}"><p>{both(headline(shown), language)}</p>{listed}</div>'


def _tiles(shown: View, language: str) -> str:
    counts = [(words, shown.tally.outcomes[outcome.value]) for outcome, words in OUTCOMES.items()]
    tiles = "".join(f"<div><dt>{both(words, language)}</dt><dd>{count}</dd></div>" for words, count in counts)
    title = Both("規則の数（結果ごと）", "Number of rules by outcome")
    return f'<dl class="tiles" aria-label="{plain(title.first(language))}">{tiles}</dl>\n'


def _rules(rules: tuple[Judged, ...], language: str) -> str:
    if not rules or rules[0].section not in _LISTED:
        return "".join(rule(judged, language) for judged in rules)
    heads = [Both("規則", "Rule"), Both("調べること", "Looks for"), Both("条項", "Clause"), Both("根拠", "Grounds")]
    has_reasons = any(judged.result.reason_ja or judged.result.reason_en for judged in rules)
    if has_reasons:
        heads.append(Both("理由", "Why"))
    lines = (
        [
            f'<code class="code">{plain(judged.result.code)}</code>',
            both(Both(judged.says["ja"].what, judged.says["en"].what), language),
            plain(judged.result.clause),
            plain(STANDINGS[judged.result.standing].first(language)),
            *([both(Both(judged.result.reason_ja, judged.result.reason_en), language)] if has_reasons else []),
        ]
        for judged in rules
    )
    caption = Both(f"{len(rules)}規則", f"{len(rules)} rules")
    return table(plain(caption.first(language)), heads, lines, language)


def _problems(shown: View, language: str) -> str:
    return "".join(f"<p>{both(Both(*problem), language)}</p>\n" for problem in shown.report.problems)


def _files(shown: View, language: str) -> str:
    heads = (
        FILE,
        Both("判別結果", "Taken for"),
        Both("データ行", "Rows"),
        Both("文字コード", "Encoding"),
        Both("区切り", "Delimiter"),
        Both("改行", "Newline"),
        Both("見出し行", "Heading"),
    )
    if not shown.report.files:
        return ""
    rows = (_file(file, language) for file in shown.report.files)
    return table(plain(Both("読み取った結果", "As they were read").first(language)), heads, rows, language)


def _file(file: JudgedFile, language: str) -> list[str]:
    guess = Both(f"推定：{file.guess}", f"guess: {file.guess}") if file.guess else Both("", "")
    delimiter = DELIMITERS.get(file.delimiter, Both(file.delimiter, file.delimiter))
    newline = NEWLINES.get(file.newline, NEWLINES["mixed"])
    return [
        f'{plain(file.name)}<code class="other digest">SHA-256 {plain(file.sha256)}</code>',
        f'{plain(taken_for(file).first(language))}<span class="other">{plain(guess.first(language))}</span>',
        str(file.rows),
        plain(f"{file.encoding or NONE.ja} ({file.kind})"),
        plain(delimiter.first(language)),
        plain(newline.first(language)),
        plain(dash(file.header_row)),
    ]


def _packs(shown: View, language: str) -> str:
    heads = (Both("パック", "Pack"), Both("名称", "Title"), Both("根拠", "Grounds"), Both("要約値", "Digest"))
    rows = [
        [
            plain(pack.name),
            both(Both(pack.title_ja, pack.title_en), language),
            both(_GROUNDS.get(pack.status, Both(pack.status, pack.status)), language),
            f'<code class="digest">{plain(pack.digest)}</code>',
        ]
        for pack in shown.report.packs
    ]
    caption = Both("検査に用いた仕様", "What the files were checked against")
    return table(plain(caption.first(language)), heads, rows, language) if rows else ""


def _clauses(shown: View, language: str) -> str:
    if not shown.report.clauses:
        return ""
    heads = (Both("要件", "Requirement"), Both("結果", "Outcome"))
    rows = [
        [plain(clause), both(OUTCOMES[shown.report.clauses[clause]], language)]
        for clause in sorted(shown.report.clauses)
    ]
    outcomes = list(shown.report.clauses.values())
    counts = ", ".join(f"{words.first(language)} {outcomes.count(outcome)}" for outcome, words in OUTCOMES.items())
    return table(plain(counts), heads, rows, language)


def _waivers(shown: View, language: str) -> str:
    heads = tuple(
        Both(*pair)
        for pair in (
            ("規則", "Rule"),
            ("範囲", "Scope"),
            ("理由", "Reason"),
            ("承認者", "Approver"),
            ("期限", "Expires"),
        )
    )
    rows = [
        [plain(cell) for cell in (waiver.rule, waiver.scope, waiver.reason, waiver.approver, waiver.expires)]
        for waiver in shown.waivers
    ]
    return (
        table(plain(Both("承認された例外", "Accepted exceptions").first(language)), heads, rows, language)
        if rows
        else ""
    )


def _footer(shown: View, language: str) -> str:
    report, privacy = shown.report, PRIVACY[shown.report.privacy]
    facts = Both(
        f"基準日 {report.as_of}／検査日 {report.today}／エンジン {ENGINE}／表示：{privacy.ja}",
        f"Data as of {report.as_of} / checked {report.today} / engine {ENGINE} / shown: {privacy.en}",
    )
    return f"<footer>\n<p>{both(facts, language)}</p>\n<p>{both(CAUTION, language)}</p>\n</footer>\n"
