"""The English switch: every word of a page has its English, with the same names in it."""

from __future__ import annotations

import re

import pytest
from babel.messages import Catalog
from django.test import Client
from django.utils.translation import trans_real

from hutong.desk.ui.environment import _word_in
from hutong.workbench import catalogue
from tests import make


def test_every_word_of_the_pages_has_its_english() -> None:
    assert catalogue.faults() == []


def test_a_missing_word_a_lost_name_and_chinese_left_over_are_noticed() -> None:
    empty = Catalog(locale="en")
    assert "not translated: 共 %(total)s 条" in catalogue.faults(empty)
    wrong = Catalog(locale="en")
    wrong.add("共 %(total)s 条", "%(sum)s entries")
    wrong.add("保存", "保存 it")
    faults = catalogue.faults(wrong)
    assert "unknown name in the translation: 共 %(total)s 条" in faults
    assert "still Chinese: 保存" in faults


@pytest.mark.django_db
def test_an_officer_reads_the_frame_and_lists_in_english() -> None:
    catalogue.compile_words()
    trans_real._translations.pop("en", None)  # what an earlier test may have read before it was compiled
    _word_in.cache_clear()
    zhou, client = make.zhou(), Client()
    client.force_login(zhou, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/language/", {"language": "en"})
    for path in ("/posts/", "/posts/new/", "/account/me/", "/help/", "/children/", "/proposals/", "/posts/list/"):
        page = re.sub(r"<option[\s\S]*?</option>|<[^>]+>", " ", client.get(path).content.decode())
        left = set(re.findall(r"[\u4e00-\u9fff]{2,}", page))
        assert not left - _names_of_data(left), (path, left)


def _names_of_data(words: set[str]) -> set[str]:
    """Names of places, persons and of the product stay Chinese."""
    return {
        word
        for word in words
        if word in {"护童", "简体中文", "周合成"} or re.search(r"(镇|街道|县|乡|办事处|管理区)$", word)
    }
