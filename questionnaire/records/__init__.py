"""What the clinic keeps: visits, answers, signatures and the ledger, in one encrypted file.

The only room that knows SQL. Every function takes a `Transaction` first, handed out by
`Database.read()` or `Database.write()`.
"""
