"""What sqlfluff renders for the adapter: its dispatched macros stand as one column, or as a select where they are one."""

SELECTS = {
    "walk_cooldown",
    "walk_contact_limits",
    "opened_bursts",
    "dealt_pairs",
    "followed_links",
    "link_stops",
    "characters_of",
    "known_time_zones",
    "evidence_conditions",
}


def dispatch(name, package=None):
    def render(*arguments, **named):
        return "select 1 as one" if name in SELECTS else f"stand_in('{name}')"

    return render


def quote(name):
    return f'"{name}"'


def get_relation(**named):
    return None


def get_columns_in_relation(relation):
    return []
