"""What the documents point to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)", text)
    for target in (target for target in targets if "://" not in target):
        assert (document.parent / target).exists(), f"{document.name} points to {target}"


def test_every_verb_that_the_documents_name_exists():
    from fercourse.cli import build_parser

    known = set(build_parser()._subparsers._group_actions[0].choices)
    named = {
        verb
        for document in DOCUMENTS
        for verb in re.findall(r"python3 course\.py ([a-z]+)", document.read_text(encoding="utf-8"))
    }
    assert named <= known


def test_each_direct_dependency_is_explained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    explained = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    for line in project["dependencies"] + extras:
        name = re.split(r"[><=;\[ ]", line)[0]
        assert f"`{name}`" in explained, f"docs/dependencies.md does not say what {name} is for"
