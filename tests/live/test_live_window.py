"""A window hears the keys that it has, whatever window system names them, and no others."""

import pytest

from fercourse.live import window

GTK_NUMLOCK, GTK_SHIFT, GTK_SECOND_LAYOUT = 0x10 << 16, 1 << 16, 1 << 29

ARROWS = {
    "Qt and GTK": [0xFF51, 0xFF52, 0xFF53, 0xFF54],
    "GTK with NumLock": [code | GTK_NUMLOCK for code in (0xFF51, 0xFF52, 0xFF53, 0xFF54)],
    "Windows": [0x250000, 0x260000, 0x270000, 0x280000],
    "Cocoa": [0xF702, 0xF700, 0xF703, 0xF701],
}


@pytest.fixture
def pressed(monkeypatch):
    """Return what a window makes of the code that OpenCV gives."""

    def hear(code):
        monkeypatch.setattr(window.cv2, "namedWindow", lambda *_: None)
        monkeypatch.setattr(window.cv2, "getWindowProperty", lambda *_: 1.0)
        monkeypatch.setattr(window.cv2, "waitKeyEx", lambda _: code)
        monkeypatch.setattr(window.cv2, "waitKey", lambda _: code & 0xFF if code != -1 else -1)
        return window.Window("test").key()

    return hear


@pytest.mark.parametrize("system", ARROWS)
def test_arrows_mean_nothing(pressed, system):
    assert [pressed(code) for code in ARROWS[system]] == [""] * 4


@pytest.mark.parametrize("modifiers", [0, GTK_NUMLOCK, GTK_SECOND_LAYOUT])
@pytest.mark.parametrize(("sign", "meaning"), window.KEYS.items())
def test_keys_are_heard_with_numlock_too(pressed, sign, meaning, modifiers):
    assert pressed(ord(sign) | modifiers) == meaning


def test_capitals_are_heard_and_no_key_is_none(pressed):
    assert pressed(ord("Q") | GTK_SHIFT) == "quit"
    assert pressed(-1) == ""
