"""The house rules that no linter knows: sizes, places, words, and what a light command may import."""

import ast
import gc
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import fut

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PYPROJECT["tool"]["importlinter"]["root_packages"]
HEAVY = {"dagster", "great_expectations", "pyod", "sklearn", "scipy", "pandas", "matplotlib"}
CODE = {".py", ".sql", ".html", ".j2", ".css", ".js", ".sh"}

# Spelled so that the patterns do not find themselves.
REGISTRIES = re.compile(
    r"p[y]pi\.org|p[y]thonhosted|n[p]mjs|(?:deb|security)\.d[e]bian\.org|(?<!emit-)index-u[r]l\b", re.I
)
MACHINE_PATHS = re.compile(r"(?<![\w.~$}/-])/(?:work|root|tmp|home|Users)/\w")
LOOSE_ENDS = re.compile(r"\bTO[D]O\b|\bFIX[M]E\b|#\s*type:\s*ignor[e]\s*$|except Exception:\s*pas[s]\b", re.M)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that git tracks and that is in the work tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Return the text of every tracked file that is UTF-8, by its path from the root."""
    found = {}
    for path in tracked():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def places(pattern: re.Pattern[str]) -> list[str]:
    """Return file:line of every match in tracked text."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}"
        for name, text in texts().items()
        for match in pattern.finditer(text)
    ]


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield path and syntax tree of every tracked module of these packages."""
    for name, text in texts().items():
        if name.endswith(".py") and name.split("/")[0] in packages:
            yield name, parsed(name, text)


def parsed(name: str, text: str) -> ast.Module:
    """Parse one file; a finaliser run by the collector inside ast.parse makes CPython 3.11 miscount its depth."""
    gc.disable()
    try:
        return ast.parse(text, name)
    finally:
        gc.enable()


def drawn_lines(tree: ast.Module) -> int:
    """Return how many lines an indicator's `example` takes, rows made for it above the indicator and `shown` among them."""
    drawn = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "example"]
    named = {name.id for value in drawn for name in ast.walk(value) if isinstance(name, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and {t.id for t in node.targets if isinstance(t, ast.Name)} & named:
            drawn.append(node)
    shown = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "shown"]
    return sum((node.end_lineno or 0) - node.lineno for node in drawn) + sum(
        (node.end_lineno or 0) - node.lineno + 1 for node in shown
    )


def test_an_indicator_is_at_most_80_lines_beside_its_drawn_example() -> None:
    sizes = {name: len(texts()[name].splitlines()) - drawn_lines(tree) for name, tree in modules("indicators")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > 80} == {}


def test_drawn_lines_are_those_of_the_example_alone() -> None:
    assert drawn_lines(ast.parse('_ROWS = (\n "a",\n)\n_OTHER = (\n 1,\n)\nI(\n example=_ROWS,\n)')) == 2
    assert drawn_lines(ast.parse('I(\n sql="""\n a\n """,\n example="""\n b\n c\n """,\n)')) == 3


def test_a_kernel_module_is_at_most_250_lines() -> None:
    sizes = {name: len(texts()[name].splitlines()) for name, _ in modules("fut")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > 250} == {}


def test_no_code_file_is_over_400_lines() -> None:
    sizes = {
        name: len(text.splitlines())
        for name, text in texts().items()
        if Path(name).suffix in CODE and "/vendor/" not in name and not name.startswith("docs/generated/")
    }
    assert {name: size for name, size in sizes.items() if size > 400} == {}


def test_no_tracked_file_is_over_2_mib() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > 2 * 1024 * 1024] == []


def test_pipelines_keep_their_annotations() -> None:
    found = [
        name
        for name, tree in modules("pipelines")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "finds", "passes"),
    [
        (REGISTRIES, "https://py" + "pi.org/simple", "https://example.org/simple"),
        (MACHINE_PATHS, "see /wo" + "rk/main", "see docs/wo" + "rk/main and https://example.org/home/x"),
        (LOOSE_ENDS, "# TO" + "DO later", "# type: ignore[arg-type]"),
    ],
    ids=["registry address", "path of one machine", "loose end"],
)
def test_no_tracked_file_holds(pattern: re.Pattern[str], finds: str, passes: str) -> None:
    assert pattern.search(finds)
    assert not pattern.search(passes)
    assert places(pattern) == []


def test_locks_hold_hashes_and_no_address() -> None:
    locks = {
        name: text for name, text in texts().items() if name.startswith("requirements/") and name.endswith(".lock")
    }
    assert set(locks) == {f"requirements/{name}.lock" for name in ("batch", "bootstrap", "dev", "referee")}
    for name, text in locks.items():
        assert "://" not in text, name
        pins = re.findall(r"^[a-z0-9][\w.-]*==.*(?:\n    .*)*", text, re.M)
        assert pins, name
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == [], name


@pytest.mark.parametrize("lock", ["batch", "dev"])
def test_lock_satisfies_every_direct_dependency(lock: str) -> None:
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["build"], *extras["review"]]
    if lock == "dev":
        wanted += [text for extra in extras.values() for text in extra]
    pinned: dict[str, list[str]] = {}
    for line in texts()[f"requirements/{lock}.lock"].splitlines():
        if found := re.match(r"([a-z0-9][\w.-]*)==(\S+)", line):
            pinned.setdefault(canonicalize_name(found[1]), []).append(found[2])
    for requirement in map(Requirement, wanted):
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert any(version in requirement.specifier for version in versions), f"{requirement}: run make locks"


def test_every_import_of_the_product_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(Requirement(text).name) for text in PYPROJECT["project"]["dependencies"]}
    extras = PYPROJECT["project"]["optional-dependencies"]
    declared |= {canonicalize_name(Requirement(text).name) for name in ("bench", "review") for text in extras[name]}
    owners = packages_distributions()
    own = {*PACKAGES, *sys.stdlib_module_names}
    undeclared = set()
    for name, tree in modules(*PACKAGES):
        for node in ast.walk(tree):
            imported = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for top in {full.split(".")[0] for full in imported} - own:
                if not {canonicalize_name(owner) for owner in owners.get(top, [top])} & declared:
                    undeclared.add(f"{name}: {top}")
    assert undeclared == set()


def test_every_package_of_the_tree_has_its_place_in_the_layers() -> None:
    packages = {name.split("/")[0] for name in texts() if re.fullmatch(r"[a-z_]+/__init__\.py", name)} - {"tests"}
    assert packages == set(PACKAGES)
    found = PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    assert packages <= {pattern.rstrip("*") for pattern in found}


def test_contracts_are_read_by_the_kernel_alone() -> None:
    outside = [package for package in PACKAGES if package != "fut"]
    readers = []
    for name, tree in modules(*outside):
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        readers += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"data_contracts|\.odcs\.yaml", node.value)
            and id(node) not in docstrings
        ]
    assert readers == []


def loaded_after(code: str) -> set[str]:
    """Return which heavy packages are loaded in a new process after this code."""
    script = f"{code}\nimport sys\nprint('loaded:', *{{name.split('.')[0] for name in sys.modules}})"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return HEAVY & set(ended.stdout.rsplit("loaded:", 1)[1].split())


def test_kernel_core_indicators_and_features_load_nothing_heavy() -> None:
    names = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name, _ in modules("fut", "core", "indicators", "features")
    ]
    assert loaded_after(f"import importlib\nfor name in {names!r}: importlib.import_module(name)") == set()


def test_help_of_the_command_loads_nothing_heavy() -> None:
    assert (ROOT / "commands/main.py").is_file(), "commands/main.py is missing; it defines main(argv)"
    call = "try: status = main(['--help'])\nexcept SystemExit as end: status = end.code"
    assert loaded_after(f"from commands.main import main\n{call}\nassert not status, status") == set()


def test_the_version_is_the_same_wherever_it_is_stated() -> None:
    assert PYPROJECT["project"]["version"] == fut.__version__
    assert yaml.safe_load(texts()["publiccode.yml"])["softwareVersion"] == fut.__version__


def test_every_version_in_the_changelog_says_whether_the_ranking_changed() -> None:
    sections = re.split(r"^## (?=\[)", texts()["CHANGELOG.md"], flags=re.M)[1:]
    assert sections
    assert [part.split("]")[0] for part in sections if "### Ranking changed" not in part] == []
