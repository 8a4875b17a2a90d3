"""Help: the list of tasks, one's own first, and one page a task."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hutong.desk.access import public
from hutong.desk.help.topics import TOPICS
from hutong.desk.request import Request

_WHY = "texts of help, without data"


@public(_WHY)
def home(request: Request) -> HttpResponse:
    """All tasks: those of one's own post first."""
    verbs = request.scope.verbs
    mine = [(key, topic) for key, topic in TOPICS.items() if not topic.verb or topic.verb in verbs]
    others = [(key, topic) for key, topic in TOPICS.items() if topic.verb and topic.verb not in verbs]
    return render(request, "help/home.html", {"mine": mine, "others": others})


@public(_WHY)
def topic(request: Request, topic: str) -> HttpResponse:
    """One task, step by step."""
    if topic not in TOPICS:
        raise Http404
    return render(request, "help/topic.html", {"topic": TOPICS[topic]})
