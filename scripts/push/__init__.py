"""Reverse-ETL: sends the rows of the sync marts, remembers in a ledger what arrived, and repeats nothing."""
