"""What every page of the course in the browser has in common: nothing that leaves this machine.

Whoever makes a page takes ``gr`` from here, so that Gradio is told to be silent before it is
imported. It reads the environment variable ``GRADIO_TEMP_DIR``, the folder for files that visitors
drop in, at that moment, too.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

# Before Gradio is imported: it and what it brings then report nothing to anybody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import fastapi
import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware

__all__ = ["HERE", "Page", "application", "gr", "picture_address"]

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Browsers then ask no other machine for anything, whatever the page holds."""

HERE = ("127.0.0.1", "localhost", "[::1]")
"""The names that a machine has for itself."""


@dataclass(frozen=True)
class Page:
    """A page that is not served yet.

    Attributes:
        blocks: what is on it.
        style: its own rules, in CSS.
        words: what Gradio's parts are called on it; None leaves them their names.
    """

    blocks: gr.Blocks
    style: str = ""
    words: gr.I18n | None = None


class _KeptToOurselves:
    """Tells browsers with every answer to ask nobody else.

    It passes on what is said and nothing more. Starlette's own frame for such a thing complains
    of each visitor who leaves while an answer is on its way.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request, as ASGI has it."""

        async def send_with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, send_with_policy)


def application(page: Page, hosts: Sequence[str] = HERE) -> fastapi.FastAPI:
    """Return a page as a program that a web server runs.

    Args:
        page: what is shown.
        hosts: names by which it may be asked for; ``*`` is any. Others are refused, so that no
            page from elsewhere can reach it under a name of its own.
    """
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(_KeptToOurselves)
    return gr.mount_gradio_app(
        app,
        page.blocks,
        path="",
        footer_links=[],
        theme=gr.themes.Base(
            primary_hue="blue",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        css=page.style,
        i18n=page.words,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        run_history=False,
        max_file_size="50mb",
    )


def picture_address(picture: npt.NDArray[np.uint8], kind: str = "jpeg") -> str:
    """Return a picture as an address that holds all of it, so that it is never a file.

    Args:
        picture: uint8 (height, width), gray, or (height, width, 3), blue, green, red.
        kind: ``jpeg``, or ``png`` where every pixel counts.
    """
    content = base64.b64encode(cv2.imencode(f".{kind}", picture)[1].tobytes()).decode()
    return f"data:image/{kind};base64,{content}"
