"""Pages of posts: who is where, who is missing, appointing, handing over, ending, one slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hutong.desk.access import needs
from hutong.desk.posts import forms, words
from hutong.desk.request import Request
from hutong.desk.sent import op_of
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.places.models import Division, Organisation
from hutong.policy.accounts import managed_by, reset_by
from hutong.staff import accounts, posts, queries
from hutong.staff.models import Post
from hutong.staff.rights import may_reset
from hutong.staff.roster import Area

PAGE = 50


def found(request: Request, post: UUID) -> Post:
    """A post inside the asker's area, or 404."""
    row = (
        Post.objects.filter(queries.within(request.scope.area), pk=post).select_related("user", "organisation").first()
    )
    if row is None:
        raise Http404
    return row


@needs("reset_account")
def listing(request: Request) -> HttpResponse:
    """Posts of the area by place, filtered in the address."""
    scope, on, filters = request.scope, today(), words.filters_of(request)
    rows = queries.posts_in(scope, on=on, **filters)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "places": words.places(post.division for post in page),
        "towns": words.towns(scope),
        "roles": words.roles(managed_by(scope.roles) | reset_by(scope.roles)),
        "manages": "manage_posts" in scope.verbs,
        "vacant": queries.without_director(scope, on=on, under=filters["under"]).count(),
        "role_name": words.role_name,
    }
    return render(request, "posts/list.html", context)


@needs("reset_account")
def vacant(request: Request) -> HttpResponse:
    """Villages that nobody is child director of."""
    scope, filters = request.scope, words.filters_of(request)
    rows: QuerySet[Division] = queries.without_director(scope, on=today(), under=filters["under"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "places": words.places(row.code for row in page),
        "towns": words.towns(scope),
        "manages": "manage_posts" in scope.verbs,
        "county_of": words.county_of(scope),
    }
    return render(request, "posts/vacant.html", context)


@needs("manage_posts")
def new(request: Request) -> HttpResponseBase:
    """Give a person an account and a post; the slip comes next."""
    scope = request.scope
    start = {key: request.GET.get(key, "") for key in ("county", "town", "village", "role")}
    roles, counties = words.roles(managed_by(scope.roles)), list(words.counties(scope).values())
    offices = words.offices(scope)
    given: dict[str, Any] = {"roles": roles, "counties": counties, "offices": offices, "initial": start}
    form = forms.NewForm(request.POST or None, second="second" in request.POST, **given)
    if form.is_valid():
        try:
            post = _appoint(request, form.cleaned_data)
        except Refusal as refusal:
            if isinstance(refusal, posts.SecondDirector):  # the same form again, which now asks
                form = forms.NewForm(request.POST, second=True, **given)
                form.full_clean()
            words.explain(form, refusal)
        else:
            messages.success(request, _("已经登记。请打印激活单交给本人。"))
            return redirect("posts:one", post=post.pk)
    return render(request, "posts/new.html", {"form": form})


def _appoint(request: Request, values: dict[str, Any]) -> Post:
    by, at, role = request.user, now(), values["role"]
    places = {key: values.get(key, "") for key in ("county", "town", "village")}
    division = Area(by).place(role, **places)
    if role == "director" and not values.get("second"):
        posts.check_vacant(village=division, on=values["start"], scope=request.scope)
    user = accounts.open_account(name=values["name"], phone=values["phone"], division=division, by=by, at=at)
    office = Organisation.objects.filter(pk=values["office"]).first() if values.get("office") else None
    return posts.appoint(
        user=user, role=role, division=division, organisation=office, start=values["start"], by=by, at=at, op=op_of(request)
    )  # fmt: skip


@needs("reset_account")
def one(request: Request, post: UUID) -> HttpResponse:
    """A post and its holder, with what may be done."""
    row = found(request, post)
    others = list(Post.objects.filter(user=row.user).order_by("-start"))
    scope = request.scope
    context = {
        "post": row,
        "others": others,
        "places": words.places(p.division for p in [row, *others]),
        "manages": "manage_posts" in scope.verbs and row.role in managed_by(scope.roles),
        "resets": may_reset(scope, row.user, [p for p in others if p.end is None] or others[:1]),
        "role_name": words.role_name,
    }
    return render(request, "posts/one.html", context)


@needs("manage_posts")
def hand_over(request: Request, post: UUID) -> HttpResponseBase:
    """The holder leaves, a successor takes over."""
    row = found(request, post)
    form = forms.HandOverForm(request.POST or None)
    if form.is_valid():
        try:
            next_one = _hand_over(request, row, form.cleaned_data)
        except Refusal as refusal:
            words.explain(form, refusal)
        else:
            messages.success(request, _("已经交接：在册档案和没办完的任务都转给了接任人。请打印激活单交给本人。"))
            return redirect("posts:one", post=next_one.pk)
    lead = _("离任的人做过的事仍记在他名下；从交接那天起，档案和没办完的任务归接任人。")
    return _act(request, form, row, _("交接岗位"), lead, _("交接"))


def _act(request: Request, form: Any, row: Post, title: str, lead: str, label: str) -> HttpResponse:
    places = words.places([row.division])
    context = {"form": form, "post": row, "places": places, "title": title, "lead": lead, "label": label}
    return render(request, "posts/act.html", context)


def _hand_over(request: Request, row: Post, values: dict[str, Any]) -> Post:
    by, at = request.user, now()
    to = accounts.open_account(name=values["name"], phone=values["phone"], division=row.division, by=by, at=at)
    return posts.hand_over(post=row, to=to, on=values["on"], because=values["because"], by=by, at=at, op=op_of(request))  # fmt: skip


@needs("manage_posts")
def end(request: Request, post: UUID) -> HttpResponseBase:
    """The holder leaves and nobody takes over yet."""
    row = found(request, post)
    form = forms.EndForm(request.POST or None)
    if form.is_valid():
        try:
            posts.end_post(post=row, by=request.user, at=now(), op=op_of(request), **form.cleaned_data)
        except Refusal as refusal:
            words.explain(form, refusal)
        else:
            messages.warning(request, _("岗位已经结束。这个村暂时没有人负责，请尽快安排接任的人。"))
            return redirect("posts:one", post=row.pk)
    lead = _("没有接任的人时用。在册档案会显示“没有儿童主任”，直到安排了新的人。")
    return _act(request, form, row, _("结束岗位"), lead, _("结束岗位"))


@needs("reset_account")
@require_POST
@never_cache
def slip(request: Request, post: UUID) -> HttpResponse:
    """A new slip for the holder: forgotten password, new phone, first sign-in. Shown once."""
    row = found(request, post)
    code = accounts.print_slip(user=row.user, by=request.user, at=now(), op=op_of(request))
    words.drop_factors(row.user)
    return render(request, "posts/slips.html", {"slips": words.slips([(row, code)]), "refused": []})
