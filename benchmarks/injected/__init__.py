"""Errors written into real ledgers at known places, to see how many of them reach the top of their month's list.

Rows are added to copies of the published files in the source's own layout, so that dialects, contracts, core,
indicators and ranking run on them unchanged. The truth stays in the memory of the benchmark, never in the inbox.
"""
