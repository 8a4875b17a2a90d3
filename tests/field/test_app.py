"""The phone app in a real browser: drafts, saving without network, sending, locking."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import expect

from tests.field.conftest import ROOT, set_pin, unlock
from tests.field.stub import child

DUMP = """async () => {
  const done = request => new Promise(r => { request.onsuccess = () => r(request.result) })
  const base = await done(indexedDB.open('hutong'))
  const text = v => v instanceof ArrayBuffer || ArrayBuffer.isView(v) ? new TextDecoder().decode(v)
    : v && typeof v === 'object' && !(v instanceof CryptoKey) ? Object.entries(v).map(([k, x]) => k + text(x)).join() : String(v)
  let out = ''
  for (const name of base.objectStoreNames)
    out += (await done(base.transaction(name).objectStore(name).getAll())).map(text).join()
  for (const cache of await caches.keys())
    for (const request of await (await caches.open(cache)).keys()) out += request.url
  return out
}"""
CHILD = "00000000-0000-7000-8000-000000000001"


def tick(page, question, words):
    page.locator(f"#q-{question} label", has_text=words).first.click()


def fill_visit(page, child=CHILD):
    page.evaluate(f"location.hash='#do/visit/{child}'")
    page.wait_for_selector("#q-seen")
    tick(page, "when", "今天")
    tick(page, "seen", "孩子")
    tick(page, "lives_with", "爷爷奶奶")


def save(page):
    page.click("form .pri")
    page.wait_for_selector("text=已保存到手机，有网后自动上传")


def all_sent(page):
    expect(page.locator(".strip")).to_contain_text("全部已上传", timeout=30_000)


def test_all_of_the_app_is_at_most_40_kilobytes(app):
    files = [file for file in app.rglob("*") if file.is_file()]
    assert len(files) >= 5
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 40 * 1024


def test_no_syntax_newer_than_chrome_64_is_left(app):
    script = next(app.glob("assets/*.js")).read_text(encoding="utf-8")
    assert not [token for token in ("?.(", "??=", "||=", "catch{", "**=") if token in script]


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "field-client/package-lock.json").read_text()


def test_the_phone_reckons_like_the_server():
    node = ROOT / ".venv/bin/node"
    done = subprocess.run(
        [node, "--test", *sorted((ROOT / "field-client/tests").glob("*.ts"))], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "pass 6" in done.stdout


def test_homes_are_counted_only_of_children_who_are_to_be_visited(phone, stub):
    called = child(4, "合成童丁", 1)
    called["duties"][0] |= {"obligation": "contact.urge", "words": "督促父母联系孩子", "at_home": False}
    stub.children.append(called)
    page = phone()
    expect(page.locator("main")).to_contain_text("要去 2 家")
    expect(page.locator("main")).to_contain_text("另有 1 个孩子的事不用上门")
    expect(page.locator("a.card")).to_have_count(4)


def test_a_half_filled_form_survives_a_reload(phone, stub):
    page = phone()
    fill_visit(page)
    page.wait_for_timeout(1000)  # a draft is written 0.3 s after the last touch
    page.wait_for_selector("text=草稿已保存在手机里")
    page.reload()
    unlock(page)
    expect(page.locator("#q-lives_with input:checked")).to_have_value("grandparents")
    page.evaluate("location.hash='#today'")
    expect(page.locator("a.card", has_text="没填完")).to_contain_text("合成童甲")


def test_a_save_that_the_disk_does_not_take_says_so_in_chinese_and_keeps_what_was_filled_in(phone, stub):
    page = phone()
    fill_visit(page)
    page.evaluate(
        """() => { const real = IDBDatabase.prototype.transaction
        IDBDatabase.prototype.transaction = function (...parts) {
          const made = real.apply(this, parts)
          if (made.mode === 'readwrite' && made.objectStoreNames.contains('outbox')) {
            IDBDatabase.prototype.transaction = real
            made.abort()
          }
          return made
        } }"""
    )
    page.click("form .pri")
    expect(page.locator("#problems [role=alert]")).to_contain_text("手机没有存下来，还没有保存，填的内容还在这一页")
    expect(page.locator("#q-lives_with input:checked")).to_have_value("grandparents")
    save(page)
    all_sent(page)
    assert len(stub.applied) == 1


def test_what_is_saved_without_network_is_sent_later_once_and_in_order(phone, stub):
    page = phone()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    stub.down = True
    page.context.set_offline(True)
    for number in (1, 2, 3):
        fill_visit(page, CHILD[:-1] + str(number))
        save(page)
    page.reload()
    unlock(page)
    expect(page.locator(".strip")).to_contain_text("还有 3 条未上传", timeout=30_000)
    stub.down = False
    stub.drop_reply = True  # the first reply is lost after the server has taken the work in
    page.context.set_offline(False)
    page.evaluate("location.hash='#uploads'")
    page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert [stub.applied[op]["body"]["child"][-1] for op in stub.order] == ["1", "2", "3"]
    assert [o["seq"] for o in stub.applied.values()] == [1, 2, 3]
    assert max(stub.hits.values()) == 2
    expect(page.locator("[data-state=done]")).to_have_count(3)
    expect(page.locator("main")).to_contain_text("回执")


def test_a_record_that_is_refused_stands_apart_and_can_be_mended(phone, stub):
    stub.bad = {"attempt": "日期不对。"}
    page = phone()
    page.evaluate(f"location.hash='#do/attempt/{CHILD}'")
    tick(page, "when", "今天")
    tick(page, "why", "家里没人")
    save(page)
    fill_visit(page)
    save(page)
    page.evaluate("location.hash='#uploads'")
    expect(page.locator("[data-state=rejected]")).to_contain_text("要改一改：日期不对。")
    expect(page.locator("[data-state=done]")).to_contain_text("走访登记")
    stub.bad = {}
    page.click("text=改一改 >> nth=-1")
    page.wait_for_selector("#q-why")
    save(page)
    page.evaluate("location.hash='#uploads'")
    expect(page.locator("[data-state=done]")).to_have_count(2)
    expect(page.locator("[data-state=rejected]")).to_have_count(0)


def test_a_poisoned_request_blocks_only_the_record_in_it(phone, stub):
    stub.down = True
    page = phone_offline(phone, stub)
    stub.poison = CHILD[:-1] + "2"
    for number in (1, 2, 3):
        fill_visit(page, CHILD[:-1] + str(number))
        save(page)
    stub.down = False
    page.evaluate("location.hash='#uploads'")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-state=done]")).to_have_count(2, timeout=30_000)
    expect(page.locator("[data-state=rejected]")).to_contain_text("这条写得不对")


def phone_offline(phone, stub):
    stub.down = False
    page = phone()
    stub.down = True
    return page


def test_nothing_about_a_person_lies_open_on_the_phone_or_in_an_address(phone, stub):
    page = phone()
    fill_visit(page)
    save(page)
    all_sent(page)
    dump = page.evaluate(DUMP)
    assert len(dump) > 1000
    for word in ("合成童", "合成奶奶", "grandparents", "东头"):
        assert word not in dump
    assert "/field/v1" not in dump
    assert not [path for path in stub.paths if "%E" in path]


def test_five_wrong_pins_ask_for_an_online_sign_in_and_lose_nothing(phone, stub):
    page = phone_offline(phone, stub)
    fill_visit(page)
    save(page)
    forget_the_pin(page, stub)
    page.evaluate("location.hash='#uploads'")
    expect(page.locator("[data-state=done]")).to_have_count(1, timeout=20_000)
    (operation,) = stub.applied.values()
    assert operation["kind"] == "sealed" and operation["body"]["key"] == "k1"


def forget_the_pin(page, stub):
    page.evaluate("location.hash='#settings'")
    page.click("text=现在锁上")
    for left in (4, 3, 2, 1, 0):
        page.fill("#pin", "111222")
        page.click("form .pri")
        expect(page.locator("main")).to_contain_text(f"还可以试 {left} 次" if left else "解锁码错了 5 次")
    expect(page.locator("h1")).to_have_text("要登录")
    stub.down = False
    page.evaluate("location.hash='#again'")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("text=重新设解锁码")
    set_pin(page)


def test_an_urgent_report_needs_no_pin_and_is_sealed_for_the_server(phone, stub):
    page = phone()
    page.evaluate("location.hash='#settings'")
    page.click("text=现在锁上")
    page.click("text=紧急报告")
    page.wait_for_selector("#q-situations")
    assert {a.get_attribute("href") for a in page.locator(".dials a").all()} == {
        "tel:110",
        "tel:12345",
        "tel:12355",
        "tel:05300000001",
    }
    tick(page, "situations", "身上有伤")
    page.fill("#i-child_words", "穿红衣服的孩子")
    page.fill("#i-place_words", "村东头")
    save(page)
    for _ in range(50):
        if stub.applied:
            break
        page.wait_for_timeout(100)
    (operation,) = stub.applied.values()
    assert opened(stub, operation["body"])["body"]["place_words"] == "村东头"
    assert opened(stub, operation["body"])["op"] == operation["op"]


def opened(stub, sealed):
    x, y = (int.from_bytes(base64.urlsafe_b64decode(sealed["epk"][n] + "=="), "big") for n in "xy")
    theirs = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    secret = stub.private.exchange(ec.ECDH(), theirs)
    key = HKDF(hashes.SHA256(), 32, b"", b"hutong-outbox-1").derive(secret)
    return json.loads(AESGCM(key).decrypt(base64.b64decode(sealed["iv"]), base64.b64decode(sealed["data"]), None))
