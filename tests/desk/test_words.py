"""The English switch: every word of a page has its English, with the same names in it."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages import Catalog
from django.test import Client
from django.utils.translation import override

from hutong.desk.imports import steps
from hutong.desk.ui.environment import environment
from hutong.desk.ui.words import aged
from hutong.duties.models import Duty
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.policy import circumstances, questionnaires
from hutong.wellbeing import operations
from hutong.workbench import catalogue
from tests import make
from tests.desk.english import compiled, english


def test_what_is_put_into_a_sentence_is_escaped_and_the_sentence_is_not() -> None:
    page = environment(autoescape=True).from_string(
        '{{ _("%(name)s 的家人", name=name) }}{{ _("100%%") }}{{ _("档案") }}'
    )
    assert page.render(name="<b>&") == "&lt;b&gt;&amp; 的家人100%档案"


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
    client = english(make.zhou())
    for path in ("/posts/", "/posts/new/", "/account/me/", "/help/", "/children/", "/proposals/", "/posts/list/"):
        page = re.sub(r"<option[\s\S]*?</option>|<[^>]+>", " ", client.get(path).content.decode())
        left = set(re.findall(r"[\u4e00-\u9fff]{2,}", page))
        assert not left - _names_of_data(left), (path, left)


def test_every_refusal_is_found_with_its_english() -> None:
    said = {sentence for sentence, _path in catalogue.refusals()}
    assert len(said) > 130
    assert "这里不在您负责的地区内。没有改动任何内容。" in said  # a module's constant
    assert "这个身份证号在本辖区已有登记，没有重复建档。请先查找核对。" in said  # one of two
    assert not said & {fault.partition(": ")[2] for fault in catalogue.faults()}


def test_an_f_string_in_a_refusal_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room.py").write_text('raise Refusal(f"日期 {on} 太早了。")')
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    with pytest.raises(ValueError, match="f-string"):
        list(catalogue.refusals())


@pytest.mark.django_db
def test_a_refusal_speaks_the_language_of_the_page() -> None:
    compiled()
    refusal = Refusal("日期 %(on)s 太早了。没有保存，填写的内容还在，请核对年份。", values={"on": "1800-01-01"})
    assert "日期 1800-01-01 太早了" in refusal.sentence == str(refusal)
    with override("en"):
        assert refusal.sentence.startswith("The date 1800-01-01 is too early.")
        assert Refusal("50% 没有登记的句子").sentence == "50% 没有登记的句子"
    client = Client()
    client.force_login(make.lin(), backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/language/", {"language": "en"})
    page = client.get("/exports/").content.decode()
    assert "Your post has no right to do this." in page


def _names_of_data(words: set[str]) -> set[str]:
    """Names of places, persons and of the product stay Chinese."""
    return {
        word
        for word in words
        if word in {"护童", "简体中文", "周合成"} or re.search(r"(镇|街道|县|乡|办事处|管理区)$", word)
    }


@pytest.mark.django_db
def test_facts_answers_signs_and_reasons_of_duties_are_english_on_english_pages() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
        make.parents_away(file, zhou)
    answers = {"seen": ["child"], "lives_with": "grandparents", "danger": ["hungry"], "carer_signs": ["drinking"]}
    with make.as_(lin):
        visit = operations.record_visit(file=file, occurred_on=today(), answers=answers, by=lin, at=now())
    client = english(zhou)
    duty = Duty.objects.filter(file=file).order_by("due_on").first()
    pages = {
        f"/children/{file.pk}/": [
            "whereabouts: away for work, 苏州",
            "lives with: grandparents",
            "The visit found the child hungry.",
        ],
        f"/visits/{visit.pk}/": ["With whom does the child live?", "grandparents"],
        f"/children/{file.pk}/visit/": ["often drunk"],
        f"/children/{file.pk}/close/": ["Reason"],
        f"/duties/{duty.pk}/": ["counts as missed for good"],
    }
    for path, said in pages.items():
        page = html.unescape(client.get(path).content.decode())
        assert [words for words in said if words not in page] == [], path


def test_every_choice_of_a_questionnaire_or_fact_has_its_english() -> None:
    items = [item for name in questionnaires.NAMES for item in questionnaires.load(name).items]
    parts = [part for kind in circumstances.KINDS.values() for part in kind.value.values()]
    for shown in (*items, *parts):
        assert set(shown.choices_en) == set(shown.choices)
        assert not [words for words in shown.choices_en.values() if re.search(r"[\u4e00-\u9fff]", words)]


def test_an_infant_is_not_nought_years_old() -> None:
    on = date(2026, 11, 23)
    assert [aged(born, on) for born in (date(2026, 3, 1), date(2016, 11, 24), None)] == ["不满 1 岁", "9 岁", ""]


@pytest.mark.django_db
def test_registers_have_their_english_names_on_english_pages() -> None:
    client = english(make.zhou())
    page = client.get("/leads/rules/allowance_without_certificate/").content.decode()
    assert "register of disabled persons" in page and "残联残疾人登记" not in page


def test_what_a_column_may_be_taken_for_is_said_in_english() -> None:
    compiled()
    with override("en"):
        choices = dict(steps.fields())
    assert choices["guardian"] == "Guardian or carer" and choices["is:留守"] == "Whether: Left behind"
    assert not [words for words in choices.values() if re.search(r"[\u4e00-\u9fff]", words)]
