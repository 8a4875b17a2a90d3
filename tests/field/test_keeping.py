"""What the phone keeps, for how long, and who may open it: photos, pack, lock, log-out, tiers."""

from __future__ import annotations

import base64
import io
import json
import re
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image
from playwright.sync_api import expect

from hutong.kernel.clock import day, now
from tests.browser import PHONE
from tests.field.conftest import set_pin, unlock
from tests.field.test_app import CHILD, DUMP, all_sent, fill_visit, forget_the_pin, opened, phone_offline, save, tick

LATER = """by => {
  const Real = Date
  window.Date = class extends Real {
    constructor(...of) { of.length ? super(...of) : super(Real.now() + by) }
    static now() { return Real.now() + by }
  }
  document.dispatchEvent(new Event('visibilitychange'))
}"""
MINUTE, DAY = 60_000, 86_400_000
COPIED = """async () => {
  const cache = await caches.open('unsent')
  let out = ''
  for (const request of await cache.keys()) if (request.url.includes('/row/')) out += await (await cache.match(request)).text()
  return out
}"""


def go(page: Any, where: str) -> None:
    page.evaluate("where => { location.hash = where }", where)


def taken(width: int = 2400, height: int = 1800) -> dict[str, Any]:
    """A picture as a camera writes it, with a place and a maker in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, "JPEG", quality=80, exif=exif)
    return {"name": "IMG_20261123.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def with_picture(page: Any) -> None:
    fill_visit(page)
    page.set_input_files("input[type=file]", taken())
    page.wait_for_selector(".thumbs img")


def test_a_photo_is_kept_at_capture_shrunk_without_its_place_and_sent_in_pieces(phone: Any, stub: Any) -> None:
    page = phone()
    with_picture(page)
    page.reload()  # Android ends the page while the camera is open
    unlock(page)
    expect(page.locator(".thumbs img")).to_have_count(1)
    expect(page.locator("#q-lives_with input:checked")).to_have_value("grandparents")
    page.locator("canvas.sign").scroll_into_view_if_needed()
    box = page.locator("canvas.sign").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=5)
    page.mouse.up()
    page.click("text=签好了")
    page.wait_for_selector("text=已签名")
    save(page)
    all_sent(page)
    (operation,) = stub.applied.values()
    (photo,) = operation["body"]["photos"]
    raw = sent(stub, photo)
    picture = Image.open(io.BytesIO(raw))
    assert max(picture.size) == 1280 and not picture.getexif() and b"SECRET-MAKER" not in raw
    assert Image.open(io.BytesIO(sent(stub, operation["body"]["signature"]))).format == "PNG"
    assert sum(f"blobs/{photo}" in path and "offset=" in path for path in stub.paths) >= 2


def test_a_forgotten_pin_loses_no_photo(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    with_picture(page)
    save(page)
    forget_the_pin(page, stub)
    all_sent(page)
    (operation,) = stub.applied.values()
    (photo,) = opened(stub, operation["body"])["body"]["photos"]
    assert max(Image.open(io.BytesIO(sent(stub, photo))).size) == 1280


def sent(stub: Any, photo: str) -> bytes:
    """A picture as it came, sealed to the server, and opened with the server's key."""
    mark, size, rest = stub.blobs[photo][:4], int.from_bytes(stub.blobs[photo][4:8], "big"), stub.blobs[photo][8:]
    assert mark == b"HTP1"
    head = json.loads(rest[:size])
    once = AESGCM(base64.b64decode(opened(stub, head["letter"])["key"]))
    return once.decrypt(base64.b64decode(head["iv"]), rest[size:], f"blob:{photo}".encode())


def test_a_photo_that_came_damaged_is_sent_again_from_its_beginning(phone: Any, stub: Any) -> None:
    page = phone()
    stub.torn = 1
    with_picture(page)
    save(page)
    all_sent(page)
    (photo,) = next(iter(stub.applied.values()))["body"]["photos"]
    assert Image.open(io.BytesIO(sent(stub, photo))).format == "JPEG"
    assert sum(f"blobs/{photo}" in path and "offset=0&" in path for path in stub.paths) == 2


def test_after_five_minutes_untouched_the_phone_is_locked_and_the_draft_kept(phone: Any, stub: Any) -> None:
    page = phone()
    fill_visit(page)
    page.evaluate(LATER, 4 * MINUTE)
    expect(page.locator("#q-seen")).to_be_visible()
    page.evaluate(LATER, 2 * MINUTE)
    expect(page.locator("h1")).to_have_text("请输入解锁码")
    unlock(page)
    expect(page.locator("#q-lives_with input:checked")).to_have_value("grandparents")


def test_after_fourteen_days_the_list_is_gone_and_unsent_work_is_not(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    expect(page.locator("main")).to_contain_text("名单还能用 14 天")
    fill_visit(page)
    save(page)
    page.evaluate(LATER, 15 * DAY)
    unlock(page)
    go(page, "#children")
    expect(page.locator("main")).to_contain_text("手机里还没有孩子的名单")
    expect(page.locator(".strip")).to_contain_text("还有 1 条未上传")
    stub.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert len(stub.applied) == 1


def test_an_urgent_report_not_sent_in_two_minutes_says_to_telephone(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    go(page, "#report")
    tick(page, "situations", "身上有伤")
    tick(page, "child", "名单里没有")
    page.fill("#i-child_words", "穿红衣服的孩子")
    page.fill("#i-place_words", "村东头")
    save(page)
    expect(page.locator("#phone-now")).to_be_visible()
    expect(page.locator(".dials a[href='tel:110']")).to_be_visible()
    expect(page.locator(".strip")).not_to_contain_text("请打电话")
    page.evaluate(LATER, 2.5 * MINUTE)
    expect(page.locator(".strip")).to_contain_text("请打电话")
    expect(page.locator(".strip a[href='tel:110']")).to_be_visible()


def test_who_leaves_the_phone_with_unsent_work_is_held_back_and_given_a_sealed_file(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    fill_visit(page)
    save(page)
    go(page, "#settings")
    page.click("text=换人用，或不再用这部手机")
    expect(page.locator("main")).to_contain_text("还有 1 条没上传")
    with page.expect_download() as got:
        page.click("button:has-text('存成文件')")
    text = got.value.path().read_text(encoding="utf-8")
    (item,) = json.loads(text)["operations"]
    assert got.value.suggested_filename.startswith("护童-未上传-") and CHILD not in text
    assert opened(stub, item["body"])["body"]["child"] == CHILD
    expect(page.locator(".strip")).to_contain_text("还有 1 条未上传")


def test_who_leaves_with_everything_sent_leaves_nothing_readable(phone: Any, stub: Any) -> None:
    page = phone()
    fill_visit(page)
    save(page)
    all_sent(page)
    page.on("dialog", lambda dialog: dialog.accept())
    go(page, "#settings")
    page.click("text=换人用，或不再用这部手机")
    page.wait_for_url("**/account/logout/")
    page.goto(stub.address + "/m/")
    expect(page.locator("h1")).to_have_text("设一个解锁码")
    assert "合成童" not in page.evaluate(DUMP)
    set_pin(page)  # whoever has it next: a phone of theirs, not of the one before
    page.wait_for_selector("text=要去 2 家")
    assert len(stub.devices) == 2


def test_what_is_refused_for_good_can_be_put_away(phone: Any, stub: Any) -> None:
    stub.bad = {"attempt": "日期不对。"}
    page = phone()
    page.on("dialog", lambda dialog: dialog.accept())
    go(page, f"#do/attempt/{CHILD}")
    tick(page, "when", "今天")
    tick(page, "why", "家里没人")
    save(page)
    go(page, "#uploads")
    page.click("text=不用再报了")
    expect(page.locator("[data-state=rejected]")).to_have_count(0)
    all_sent(page)


def test_a_new_child_that_is_mended_takes_the_visit_to_it_along(phone: Any, stub: Any) -> None:
    stub.bad = {"child_new": "身份证号不对。"}
    page = phone_offline(phone, stub)
    go(page, "#do/child_new")
    page.fill("#i-name", "合成新童")
    tick(page, "sex", "男孩")
    page.fill("#i-birth_date", "2018-03-04")
    page.fill("#i-guardian", "合成爷爷")
    tick(page, "relation", "爷爷")
    save(page)
    go(page, "#children")
    page.click("a.card:has-text('合成新童')")
    page.click("text=去了，没见到人")
    tick(page, "when", "今天")
    tick(page, "why", "家里没人")
    save(page)
    stub.down = False
    go(page, "#uploads")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-state=rejected]")).to_contain_text("身份证号不对")
    stub.bad = {}
    page.click("button:has-text('改一改')")
    page.wait_for_selector("#q-name")
    save(page)
    all_sent(page)
    new = [one for one in stub.applied.values() if one["kind"] == "child_new"]
    told = [one for one in stub.applied.values() if one["kind"] == "attempt"]
    assert len(new) == 1 and [one["body"]["child"] for one in told] == ["op:" + new[0]["op"]]


def test_a_look_at_home_waits_on_the_first_page_and_is_answered_there(phone: Any, stub: Any) -> None:
    asked = {"id": "00000000-0000-7000-8000-00000000c001", "ask": "跟谁住？", "asked_on": "2026-11-20"}
    stub.checks = [{**asked, "name": "合成某", "sex": "2", "birth_date": "2018-01-01"}]
    page = phone()
    page.click("a.card:has-text('请入户看一看')")
    expect(page.locator("main")).to_contain_text("跟谁住？")
    page.click("form .act .pri")
    expect(page.locator(".summary")).to_contain_text("还有 2 处要填")
    tick(page, "found", "说的情况是真的")
    page.fill("#i-words", "跟奶奶住")
    save(page)
    all_sent(page)
    (operation,) = stub.applied.values()
    assert (operation["kind"], operation["body"]["found"], operation["body"]["words"]) == ("check", "true", "跟奶奶住")


def test_the_next_visit_and_what_must_be_looked_at_are_said_at_once(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    fill_visit(page)
    save(page)
    then = day(now()) + timedelta(days=30)
    expect(page.locator("#next")).to_have_text(f"下次走访不晚于 {then.month}月{then.day}日。")  # yellow: 30 days


def test_a_red_sign_is_said_at_once_with_whom_to_telephone(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    fill_visit(page)
    tick(page, "signs", "不想活")
    save(page)
    expect(page.locator(".late")).to_contain_text("▲")
    expect(page.locator("main .dials a[href='tel:110']")).to_be_visible()
    expect(page.locator("text=写紧急报告")).to_be_visible()
    then = day(now()) + timedelta(days=7)
    expect(page.locator("#next")).to_have_text(f"下次走访不晚于 {then.month}月{then.day}日。")


def bare(chromium: Any, stub: Any, script: str = "", **options: Any) -> Any:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    if script:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(stub.address + "/m/")
    return page


def test_a_phone_without_a_worker_says_not_to_close_the_page(chromium: Any, stub: Any) -> None:
    page = bare(chromium, stub, "delete Navigator.prototype.serviceWorker")
    set_pin(page)
    expect(page.locator("main")).to_contain_text("没有网时不要关掉这一页")
    page.context.close()


def test_a_phone_that_keeps_nothing_is_sent_to_the_web_form(chromium: Any, stub: Any) -> None:
    page = bare(chromium, stub, "Object.defineProperty(window, 'indexedDB', {value: undefined})")
    expect(page.locator("main")).to_contain_text("这部手机不能保存记录")
    expect(page.locator("a.btn", has_text="到网页上填写")).to_have_attribute("href", "/")
    expect(page.locator("a[href='tel:110']")).to_be_visible()
    page.context.close()


def test_inside_wechat_the_phone_says_that_its_records_are_apart(chromium: Any, stub: Any) -> None:
    page = bare(chromium, stub, user_agent="Mozilla/5.0 (Linux; Android 8.1) Chrome/86 MicroMessenger/8.0.1")
    set_pin(page)
    go(page, "#settings")
    expect(page.locator("main")).to_contain_text("微信和浏览器里的记录是分开的")
    page.context.close()


def throw_the_store_away(page: Any, address: str) -> None:
    """As a browser does that finds it damaged at its start; the app runs nowhere then."""
    page.goto("about:blank")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": address, "storageTypes": "indexeddb"}
    )
    page.goto(address + "/m/")


def test_a_store_that_the_browser_threw_away_takes_no_saved_record_and_no_photo_with_it(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    with_picture(page)
    save(page)
    assert "合成童" not in page.evaluate(COPIED) and "grandparents" not in page.evaluate(COPIED)
    throw_the_store_away(page, stub.address)
    expect(page.locator("main")).to_contain_text("还没上传的 1 条记录没有丢")
    set_pin(page)
    go(page, "#uploads")
    expect(page.locator("[data-state=queued]")).to_have_text(re.compile("加密的记录"))
    stub.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-state=done]")).to_have_count(1, timeout=20_000)
    (operation,) = stub.applied.values()
    assert opened(stub, operation["body"])["body"]["child"] == CHILD
    assert len(stub.blobs) == 1 and len(stub.devices) == 1
    assert page.evaluate(COPIED) == "", "what has arrived lies nowhere twice"


def test_a_copy_that_was_not_made_is_made_at_the_next_start(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    fill_visit(page)
    save(page)
    page.evaluate("() => caches.delete('unsent')")
    page.reload()
    unlock(page)
    assert len(json.loads(page.evaluate(COPIED))["row"]["forServer"]["data"]) > 100
    throw_the_store_away(page, stub.address)
    expect(page.locator("main")).to_contain_text("还没上传的 1 条记录没有丢")


def test_a_cache_that_never_answers_keeps_nobody_from_saving_and_sending(phone: Any, stub: Any) -> None:
    page = phone()
    page.evaluate("() => { CacheStorage.prototype.open = () => new Promise(() => undefined) }")
    fill_visit(page)
    save(page)
    all_sent(page)
    assert len(stub.applied) == 1


def test_what_came_back_is_sent_with_its_photo_though_the_cache_answers_no_more(phone: Any, stub: Any) -> None:
    page = phone_offline(phone, stub)
    with_picture(page)
    save(page)
    throw_the_store_away(page, stub.address)
    expect(page.locator("main")).to_contain_text("还没上传的 1 条记录没有丢")
    page.evaluate("() => { CacheStorage.prototype.open = () => new Promise(() => undefined) }")
    set_pin(page)
    stub.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    go(page, "#uploads")
    expect(page.locator("[data-state=done]")).to_have_count(1, timeout=20_000)
    assert len(stub.blobs) == 1


def test_a_picture_whose_record_has_gone_is_taken_away_at_the_next_start(phone: Any, stub: Any) -> None:
    page = phone()
    left = "/m/copy/picture/00000000-0000-7000-8000-00000000000f"
    page.evaluate("async path => { await (await caches.open('unsent')).put(path, new Response('x')) }", left)
    page.reload()
    unlock(page)
    assert page.evaluate("async () => (await (await caches.open('unsent')).keys()).length") == 0
