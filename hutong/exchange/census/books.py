"""Opening a file by what it is, not by what it is called: xlsx, xls, encrypted workbooks, and text in any usual encoding."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

import msoffcrypto
from msoffcrypto.exceptions import FileFormatError
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from hutong.kernel.refusals import Refusal
from hutong.policy.census import Limits

Cell = str | int | float | bool | date | datetime | time | timedelta
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MB = 1024 * 1024


class Unreadable(Refusal):
    """The file as a whole cannot be read. It is kept as it came."""

    code = "unreadable"


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows from the first row of the sheet on, and vertically or horizontally merged ranges (0-based, inclusive)."""

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def open_book(content: bytes, name: str, *, limits: Limits, password: str = "") -> Iterator[Sheet]:
    """Yield the sheets of a file. Raises Unreadable with a sentence."""
    if len(content) > limits.file_mb * _MB:
        raise Unreadable(
            "文件有 %(size)s MB，超过 %(limit)s MB 的上限，没有读取。请按乡镇分成几个文件再传。",
            values={"size": len(content) // _MB, "limit": limits.file_mb},
        )
    if not content.strip(b"\x00 \r\n\t"):
        raise Unreadable("这是一个空文件，没有内容可读。请核对是不是传错了文件。")
    if content.startswith(_OLE):
        content = decrypted(content, password)
    if content.startswith(_ZIP):
        check_zip(content, limits)
    if content.startswith((_ZIP, _OLE)):
        yield from _workbook(content, limits)
    else:
        yield _text(content, name, limits)


def decrypted(content: bytes, password: str) -> bytes:
    """The workbook without its password, or as it came when it has none. Raises Unreadable with what to do."""
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not office.is_encrypted():
            return content
        if not password:
            raise Unreadable(
                "工作簿设有打开密码。文件已保存，请填写密码后再读取，或去掉密码后重传。", code="password_needed"
            )
        office.load_key(password=password)
        plain = io.BytesIO()
        office.decrypt(plain)
        return plain.getvalue()
    except Refusal:
        raise
    except (FileFormatError, OSError, ValueError, KeyError):
        return content
    except Exception as error:  # the library raises its own kinds for a wrong password, without a common ancestor
        raise Unreadable("密码不对，打不开这个工作簿。文件已保存，请核对密码再试。", code="password_wrong") from error


def check_zip(content: bytes, limits: Limits) -> None:
    """Refuse what is no workbook, is damaged, or would unpack to more than the limits allow."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("文件不完整或已损坏，没有读出任何一行。请从原处重新复制一份再传。", code="damaged") from error
    if sum(entry.file_size for entry in entries) > limits.unpacked_mb * _MB or len(entries) > 5000:
        raise Unreadable("文件解压后过大，可能不是正常的表格，没有读取。请另存为普通工作簿再传。", code="too_big")
    if not any(entry.filename.startswith(("xl/", "content.xml")) for entry in entries):
        raise Unreadable("这是压缩包或其他文档，不是表格。请解压后上传里面的工作簿。", code="not_a_table")


def _workbook(content: bytes, limits: Limits) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > limits.rows or sheet.width > 16_384:
                raise Unreadable(
                    "工作表“%(name)s”有 %(rows)s 行，超过 %(limit)s 行的上限。请分成几个文件再传。",
                    values={"name": name, "rows": sheet.height, "limit": limits.rows},
                    code="too_big",
                )
            yield Sheet(name, _trimmed(sheet.to_python(skip_empty_area=False), limits), _merged(sheet))
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Unreadable(
            "文件不完整或不是真正的表格，没有读出任何一行。请用表格软件打开、另存为 xlsx 再传。", code="damaged"
        ) from error


def _merged(sheet: CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(sheet.merged_cell_ranges or [])


def _trimmed(rows: list[list[Cell]], limits: Limits) -> list[list[Cell]]:
    return [row[: limits.columns] for row in rows]


def _text(content: bytes, name: str, limits: Limits) -> Sheet:
    text = decode(content)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise Unreadable("这其实是网页格式的文件，不是表格。请用表格软件打开、另存为 xlsx 再传。", code="not_a_table")
    if sum(ord(c) < 32 and c not in "\t\r\n\f" for c in text[:4000]) > 20:
        raise Unreadable("这不是表格，也不是文本文件，没有读出任何一行。请核对是不是传错了文件。", code="not_a_table")
    csv.field_size_limit(131_072)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)))
    except csv.Error as error:
        raise Unreadable(
            "文本里有一格过长或引号不成对，没有读出任何一行。请用表格软件打开、另存为 xlsx 再传。", code="damaged"
        ) from error
    if len(rows) > limits.rows:
        raise Unreadable(
            "文件有 %(rows)s 行，超过 %(limit)s 行的上限。请分成几个文件再传。",
            values={"rows": len(rows), "limit": limits.rows}, code="too_big",
        )  # fmt: skip
    return Sheet(PurePath(name).stem, _trimmed([list(row) for row in rows], limits))


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16 (with or without mark) or GB 18030; what fits none is read as GB 18030 with marks for the gaps."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    zeros = content[:2000].count(0)
    if zeros > len(content[:2000]) // 8:
        low = content[:2000:2].count(0) < content[1:2000:2].count(0)
        return content.decode("utf-16-le" if low else "utf-16-be", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", errors="replace")


def delimiter(text: str) -> str:
    """The delimiter that most lines hold the same number of: comma, semicolon, tab, vertical bar."""
    lines = [line for line in text.splitlines() if line.strip()][:40]

    def weight(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        filled = [count for count in counts if count]
        usual = max(set(filled), key=filled.count) if filled else 0
        return (counts.count(usual) if usual else 0) * (usual > 0), usual

    return max(",\t;|", key=weight)
