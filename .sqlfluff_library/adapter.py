"""What sqlfluff renders for the adapter: its dispatched macros stand as a column, or as the select or CTE that they are."""

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
    "thresholds_passed",
}
CTES = {"logistic_line": "line"}


def dispatch(name, package=None):
    def render(*arguments, **named):
        if name in CTES:
            return f"{CTES[name]} as (select 1 as one)"
        return "select 1 as one" if name in SELECTS else f"stand_in('{name}')"

    return render


def quote(name):
    return f'"{name}"'


def get_relation(**named):
    return None


def get_columns_in_relation(relation):
    return []
