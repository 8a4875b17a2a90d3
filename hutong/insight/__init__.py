"""Boards, indicators, reports and printed papers. Reads everything, decides nothing, writes no facts."""
