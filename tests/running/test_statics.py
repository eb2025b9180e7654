"""Static files are collected when they changed, or are gone, and not at every start."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from sympolity.ops import statics


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one.css").write_text("a{}")
    return folder


def _collect(tmp_path: Path, source: Path) -> bool:
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        DATA=tmp_path, STATIC_ROOT=tmp_path / "static", STATICFILES_DIRS=[("", source)], STATICFILES_FINDERS=finders,
        STORAGES=storages,
    ):  # fmt: skip
        return statics.collect()


def test_only_what_changed_or_is_gone_is_collected_again(tmp_path: Path, source: Path) -> None:
    assert [_collect(tmp_path, source) for _ in range(2)] == [True, False]
    (source / "two.css").write_text("b{}")
    assert [_collect(tmp_path, source) for _ in range(2)] == [True, False]
    (source / "one.css").write_text("a{color:red}")
    assert [_collect(tmp_path, source) for _ in range(2)] == [True, False]
    (tmp_path / "static" / "staticfiles.json").unlink()
    assert [_collect(tmp_path, source) for _ in range(2)] == [True, False]
    assert {path.suffix for path in (tmp_path / "static").iterdir()} >= {".css", ".json"}


def test_what_was_interrupted_is_done_again(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _collect(tmp_path, source)
    (source / "two.css").write_text("b{}")

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(statics, "call_command", cut)
        _collect(tmp_path, source)
    assert _collect(tmp_path, source)
