"""How fast Candour is on this machine: `python -m bench` measures and prints, in about a minute.

Everything is the app itself with its real content, in folders that are thrown away: invented
people walk to where they are measured. Nothing is fetched and nothing is kept.
"""
