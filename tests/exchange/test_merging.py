"""Fields that changed on several phones at once: nothing is overwritten unseen, nothing said is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from hutong.exchange.field.merging import Edit, Value, merge, same

FIELDS = st.sampled_from(["address", "carer"])
VALUES = st.one_of(st.none(), st.sampled_from(["", "东头三号", "东头 三号", "西头", "奶奶"]))
EDITS = st.dictionaries(FIELDS, st.builds(Edit, VALUES, VALUES))
OURS = st.dictionaries(FIELDS, VALUES)


@given(EDITS, OURS)
def test_every_edit_is_taken_or_put_before_somebody_or_says_nothing_new(
    edits: dict[str, Edit], ours: dict[str, Value]
) -> None:
    merged = merge(edits, ours)
    for name, edit in edits.items():
        silent = same(edit.now, ours.get(name)) or same(edit.now, edit.was)
        assert [name in merged.taken, name in merged.clashes, silent].count(True) == 1


@given(EDITS, OURS)
def test_what_the_phone_had_not_seen_is_never_overwritten(edits: dict[str, Edit], ours: dict[str, Value]) -> None:
    for name in merge(edits, ours).taken:
        assert same(edits[name].was, ours.get(name))


@given(EDITS, OURS)
def test_merging_the_same_again_writes_nothing(edits: dict[str, Edit], ours: dict[str, Value]) -> None:
    after = {**ours, **merge(edits, ours).taken}
    assert not merge(edits, after).taken


class Phones(RuleBasedStateMachine):
    """Any number of phones that read, edit and send in any order, and send again."""

    seen = Bundle("seen")
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.here: dict[str, Value] = {}
        self.said: set[tuple[str, Value]] = set()
        self.queue: list[tuple[str, Value]] = []
        self.written: list[tuple[str, Value, Value]] = []

    @rule(target=seen)
    def reads(self) -> dict[str, Value]:
        return dict(self.here)

    @rule(target=sent, pack=seen, edits=st.dictionaries(FIELDS, VALUES, min_size=1))
    def edits(self, pack: dict[str, Value], edits: dict[str, Value]) -> dict[str, Edit]:
        return {name: Edit(pack.get(name), now) for name, now in edits.items()}

    @rule(edits=consumes(sent))
    def arrives_once(self, edits: dict[str, Edit]) -> None:
        self._arrives(edits)

    @rule(edits=sent)
    def arrives_and_stays_to_come_again(self, edits: dict[str, Edit]) -> None:
        self._arrives(edits)

    def _arrives(self, edits: dict[str, Edit]) -> None:
        merged = merge(edits, self.here)
        for name, now in merged.taken.items():
            self.written.append((name, self.here.get(name), edits[name].was))
            self.here[name] = now
        self.queue += [(name, clash.theirs) for name, clash in merged.clashes.items()]
        self.said |= {(name, edit.now) for name, edit in edits.items() if not same(edit.was, edit.now)}

    @invariant()
    def nothing_is_written_over_what_the_phone_had_not_seen(self) -> None:
        assert all(same(before, was) for _, before, was in self.written)

    @invariant()
    def what_was_said_stands_stood_or_waits(self) -> None:
        kept = {(name, "".join((value or "").split())) for name, value in self.queue}
        stood = {(name, "".join((value or "").split())) for name, value, _ in self.written}
        stands = {(name, "".join((self.here.get(name) or "").split())) for name in ("address", "carer")}
        empty = {("address", ""), ("carer", "")}
        for name, value in self.said:
            assert (name, "".join((value or "").split())) in kept | stood | stands | empty


TestPhones = Phones.TestCase
