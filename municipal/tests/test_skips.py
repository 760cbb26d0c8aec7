"""No test is left out unseen (省いた試験の点検の試験)."""

from pathlib import Path

import pytest

from municipal.tests.skips import LIST, allowed, is_allowed

pytest_plugins = ["pytester"]

KNOWN = [("municipal/core/*", "reference material not at hand")]


def test_a_skip_on_the_list_is_allowed_for_its_reason_and_its_files_only() -> None:
    assert is_allowed("municipal/core/tests/test_x.py::test_y[a:b]", "reference material not at hand", KNOWN)
    assert not is_allowed("municipal/core/tests/test_x.py::test_y", "it is slow", KNOWN)
    assert not is_allowed("municipal/web/tests/test_x.py::test_y", "reference material not at hand", KNOWN)


def test_every_line_of_the_list_can_be_read() -> None:
    known = allowed(LIST.read_text())
    assert len(known) >= 5
    assert all(pattern and reason for pattern, reason in known)


def run(pytester: pytest.Pytester, body: str) -> pytest.RunResult:
    source = Path(__file__).with_name("skips.py").read_text()
    pytester.makeconftest(source.replace('Path(__file__).with_name("allowed_skips.txt")', 'Path("list.txt")'))
    pytester.makefile(".txt", list="test_it.py: a good reason\n")
    pytester.makepyfile(test_it=f"import pytest\n{body}\n", test_other="def test_well(): pass\n")
    return pytester.runpytest_inprocess("-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider")


def test_a_reviewed_skip_passes(pytester: pytest.Pytester) -> None:
    result = run(pytester, "@pytest.mark.skip(reason='a good reason')\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize(
    "body",
    [
        "@pytest.mark.skip(reason='too slow')\ndef test_it(): pass",
        "def test_it(): pytest.skip('no time')",
        "@pytest.mark.xfail\ndef test_it(): assert False",
        "pytest.importorskip('there_is_no_such_module')",
    ],
)
def test_any_other_skip_fails_the_run_and_is_named(pytester: pytest.Pytester, body: str) -> None:
    result = run(pytester, body)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*not on the reviewed list*", "test_it.py*: *"])
