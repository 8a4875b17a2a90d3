"""Importing a county's workbook on pages: upload, mapping, check, preview, apply, result, take back; and the export in its layout."""
