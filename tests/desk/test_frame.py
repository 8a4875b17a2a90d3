"""The frame of every page: errors as sentences, keyboard, menu without script, navigation by rights, printing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import path

from hutong.desk.access import public
from hutong.staff.models import User
from tests import make
from tests.browser import DESK, PHONE, overflows, sign_in


@public("a fault made for a test")
def broken(request: Any) -> Any:
    raise ValueError("made for a test")


urlpatterns: list[Any] = [path("broken/", broken)]


def _client(user: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_an_unknown_address_is_a_sentence_inside_the_frame() -> None:
    answer = _client(make.zhou()).get("/no/such/page/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "没有改动任何内容" in page
    assert "周合成" in page


@pytest.mark.django_db
def test_a_missing_right_is_a_sentence() -> None:
    answer = _client(make.lin()).get("/posts/new/")
    assert answer.status_code == 403
    assert "没有改动任何内容" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused_with_a_sentence() -> None:
    answer = _client(make.zhou(), enforce_csrf_checks=True).post("/account/me/settings/", {"language": "en"})
    assert answer.status_code == 403
    assert "再提交一次" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.urls("tests.desk.test_frame")
def test_a_fault_of_ours_is_a_sentence_without_its_details() -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "没有保存" in page
    assert "made for a test" not in page


@pytest.mark.django_db
def test_the_navigation_shows_what_a_role_may_open() -> None:
    def lines(user: User) -> set[str]:
        page = _client(user).get("/help/").content.decode()
        return {
            path for path in ("/children/", "/posts/", "/proposals/", "/board/", "/search/") if f'href="{path}"' in page
        }

    assert lines(make.zhou()) == {"/children/", "/posts/", "/proposals/", "/board/", "/search/"}
    assert lines(make.lin()) == {"/children/", "/proposals/", "/board/", "/search/"}
    assert lines(make.user("dpo", 371726000000)) == {"/board/"}


@pytest.mark.django_db
def test_pages_stay_out_of_shared_caches_and_leave_the_browser_at_sign_out() -> None:
    client = _client(make.zhou())
    assert client.get("/children/")["Cache-Control"] == "private, no-cache"
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


def test_keys_move_through_a_list_and_can_be_switched_off(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    make.lin()
    page = open_at(size=DESK)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(f"{site}/posts/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jk")  # inside a field these are letters
    assert page.input_value("#q") == "jk"
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.cursor").inner_text().count("林合成") == 1
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.locator("tr.cursor a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/*-*/")
    User.objects.update(shortcuts=False)
    page.goto(f"{site}/posts/")
    page.keyboard.press("j")
    assert page.locator("tr.cursor").count() == 0


def test_the_menu_opens_on_a_phone_without_script(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    page = open_at(size=PHONE, java_script_enabled=False)
    sign_in(page, site, zhou.username, make.PASSWORD)
    assert not page.locator("aside.side").is_visible()
    page.click("label.menu-open")
    assert page.locator("aside.side a", has_text="人员和岗位").is_visible()


def test_large_type_still_fits_a_phone(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    User.objects.update(large_type=True)
    page = open_at(size=PHONE)
    sign_in(page, site, zhou.username, make.PASSWORD)
    for path_ in ("/children/", "/posts/", "/account/me/", "/help/"):
        page.goto(site + path_)
        assert page.evaluate("document.documentElement.dataset.size") == "large"
        assert overflows(page) <= 0, path_


def test_paper_carries_the_content_and_not_the_frame(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    page = open_at(size=DESK)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(f"{site}/posts/")
    page.emulate_media(media="print")
    assert not page.locator("aside.side").is_visible()
    assert not page.locator("header.top").is_visible()
    assert page.locator("table").is_visible()


@pytest.mark.django_db
def test_the_address_of_a_button_opened_directly_is_a_page_with_a_sentence() -> None:
    client, lin = Client(), make.lin()
    client.force_login(make.zhou(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/posts/{lin.posts.get().pk}/slip/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "没有改动任何内容" in answer.content.decode()


@pytest.mark.django_db
def test_who_has_no_tasks_has_no_line_for_them() -> None:
    for role, place, has in [("city_officer", 371700000000, False), ("director", make.HERE, True)]:
        client = Client()
        client.force_login(make.user(role, place), backend="django.contrib.auth.backends.ModelBackend")
        assert ("我的任务" in client.get("/account/me/").content.decode()) is has


def test_the_way_out_is_in_sight_however_long_the_menu(site: str, open_at: Any) -> None:
    page = open_at(size={"width": 1440, "height": 700})
    sign_in(page, site, make.zhou().username, make.PASSWORD)
    box = page.locator(".side .me button").bounding_box()
    assert box["y"] + box["height"] <= 700
