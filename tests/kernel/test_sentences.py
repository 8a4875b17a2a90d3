"""A sentence is Chinese to programs, and said in the reader's language also long after a row has kept it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hutong.kernel import sentences
from hutong.kernel.refusals import Refusal
from hutong.kernel.sentences import Sentence, again, beside, told

ENGLISH = {"第 %(row)s 行%(what)s": "Row %(row)s %(what)s", "看不懂": "cannot be read"}
SAID = Sentence("第 %(row)s 行%(what)s", row=4, what=Sentence("看不懂"))


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "_say", lambda text: ENGLISH.get(text, text))


def stored(message: str) -> Any:
    return json.loads(json.dumps({"message": f"{message}。", **beside(message)}))


def test_it_is_a_chinese_text_wherever_a_text_will_do() -> None:
    assert (
        f"{SAID}。" == "第 4 行看不懂。"
        and "看不懂" in SAID
        and json.dumps(Sentence("看不懂"), ensure_ascii=False) == '"看不懂"'
    )


def test_it_is_said_in_the_readers_language_with_the_sentences_in_it(english: None) -> None:
    assert SAID.said() == "Row 4 cannot be read" and str(SAID) == "第 4 行看不懂"


def test_a_row_keeps_what_it_takes_to_say_it_again(english: None) -> None:
    assert again(json.loads(json.dumps(SAID.kept()))) == told(stored(SAID)) == "Row 4 cannot be read"
    assert told(stored(Sentence("看不懂"))) == "cannot be read" and beside(Sentence("看不懂")) == {}


def test_a_finished_message_of_old_rows_stands_as_it_is(english: None) -> None:
    assert told({"message": "第 7 行和第 3 行一样，100%。"}) == "第 7 行和第 3 行一样，100%。"
    assert told({"message": ""}) == "" and again({}) == ""


def test_in_chinese_the_message_is_shown_as_it_was_kept() -> None:
    assert told(stored(SAID)) == "第 4 行看不懂。"


def test_a_refusal_says_a_sentence_among_its_values(english: None) -> None:
    refusal = Refusal("第 %(row)s 行%(what)s", values={"row": 1, "what": Sentence("看不懂")})
    assert refusal.sentence == again(refusal.kept()) == "Row 1 cannot be read" and str(refusal) == "第 1 行看不懂"
