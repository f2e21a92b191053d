"""The council report: what the published marts say about each trigger, as one page that needs no network."""
