"""What a web process carries: the libraries of pages, not those of registers and dictionaries."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "hutong.config.settings"
import django
django.setup()
import hutong.config.urls
print(*sorted({"pyarrow", "numpy", "pypinyin", "openpyxl", "hutong.workbench.bench"} & set(sys.modules)))
"""


def test_loading_every_page_loads_neither_arrow_nor_the_dictionary_of_pinyin() -> None:
    done = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
