"""The sliders of lesson 7 in a real JupyterLab, in a real browser."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from served_page import chromium, ended, needs_ctrl_c

SERVE = """
import sys
from pathlib import Path
from fercourse.lab import server
server.repository_root = lambda: Path(sys.argv[1])
server.serve(port=None, browser=False, allow_root=True)
"""
"""JupyterLab as ``course.py start`` serves it, with a folder of ours as the course."""

STUDIO = """
from fercourse.facs import open_studio
open_studio("Angry: Du et al. 2014")
"""


@pytest.fixture
def address(tmp_path):
    cell = nbformat.v4.new_code_cell(STUDIO.strip())
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "studio.ipynb")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path)],
        env={**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    found = re.search(r"(http://\S+?)/lab\S*\?(token=\S+)", line)
    assert found, line + process.communicate(timeout=60)[1]
    yield f"{found[1]}/lab/tree/studio.ipynb?{found[2]}"
    ended(process)


@pytest.mark.slow
@needs_ctrl_c
def test_a_slider_that_is_moved_changes_the_face_and_the_answer(address):
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(address)
        # A key that is pressed before the kernel is there may be lost.
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
        page.locator(".jp-CodeCell").first.click()
        page.keyboard.press("Shift+Enter")
        output = page.locator(".jp-OutputArea-output")
        output.get_by_text("4D+7D+17D+24D").wait_for(timeout=90_000)
        face = output.locator("img").first
        before = face.get_attribute("src")
        output.locator("[role=slider]").first.focus()
        for _ in range(10):  # half of the way
            page.keyboard.press("ArrowRight")
        output.get_by_text("1B+4D+7D+17D+24D").wait_for(timeout=60_000)
        assert face.get_attribute("src") != before
        output.get_by_role("button", name="at rest").click()
        output.get_by_text("a face at rest").wait_for(timeout=60_000)
        page.close()
