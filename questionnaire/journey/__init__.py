"""The stations of a visit, one module each, named as people would say it.

Each function is one thing somebody does: it reads, decides by asking the domain, writes in one
transaction together with its ledger entry, and hands back what to show.
"""
