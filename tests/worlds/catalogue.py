"""The example company's products, prices, rates and words, shared by raw tables and seeds."""

PRODUCTS = {
    # product id: (name, tier, is seat-priced, included usage, included storage, unit amount in cents)
    "prod_starter": ("TeamFlow Starter", "Starter", True, 100, 10, 1_000),
    "prod_professional": ("TeamFlow Professional", "Professional", True, 200, 50, 2_500),
    "prod_business": ("TeamFlow Business", "Business", True, 400, 100, 5_000),
    "prod_enterprise": ("TeamFlow Enterprise", "Enterprise", True, 0, 500, 12_500),
    "prod_support": ("Priority Support", None, False, None, None, 9_900),
    "prod_api": ("API Usage", None, False, 300, None, 1),
    # Sold without seats; the last one for nothing.
    "prod_credits": ("TeamFlow Credits", "Professional", False, None, 200, 3_000),
    "prod_studio": ("TeamFlow Studio", "Business", False, None, None, 7_500),
    "prod_free": ("TeamFlow Free", "Starter", False, None, None, 0),
}
SEAT_PRODUCTS = [key for key, row in PRODUCTS.items() if row[2]]
SEATLESS_PRODUCTS = ["prod_credits", "prod_studio"]
#: How the plans seed names a product: by id or by its vendor name.
NAMED_BY_NAME = {"prod_professional", "prod_api"}

TIERS = ["Starter", "Professional", "Business", "Enterprise"]
SEGMENTS = [("SMB", 0, 99), ("mid-market", 100, 999), ("enterprise", 1000, None)]

#: Currency: (rate at first, later rate), USD for one unit.
RATES = {"usd": ("1", "1"), "eur": ("1.10", "1.085"), "gbp": ("1.25", "1.2725"), "jpy": ("0.0067", "0.00715")}
FREE_DOMAINS = ["gmail.com", "outlook.com", "web.de"]
SHARED_HOSTS = ["linktree.example", "sites.example"]
OWN_DOMAINS = ["teamflow.example", "teamflow-labs.example"]
SUFFIXES = ["Inc", "Inc.", "GmbH", "G.m.b.H.", "Ltd", "Co", "Company", "S.A.", "AB", "LLC", "Pty Ltd"]
TITLES = ["CEO", "CTO", "Chief Executive Officer", "VP", "Head of Operations"]
FEATURES = {"gantt": True, "automations": True, "dashboards": True, "sso": True, "comments": False, "lists": False}
LIMIT_TAGS = ["seat_limit", "quota"]
DISPOSITIONS = ["Declined expansion", "Not interested"]
OPPORTUNITY_TYPES = {"Expansion": True, "Existing Business": True, "New Business": False}
HOLIDAY_COUNTRIES = ["US", "DE", "GB", "JP"]
TIME_ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Auckland",
]
COMPANIES = [
    "Acme",
    "Globex",
    "Initech",
    "Umbrella",
    "Hooli",
    "Vandelay",
    "Wonka",
    "Stark",
    "Wayne",
    "Tyrell",
    "Cyberdyne",
    "Soylent",
    "Aperture",
    "Massive",
    "Oceanic",
    "Dunder",
    "Prestige",
    "Sterling",
    "Pendant",
    "Kruger",
    "Bluth",
    "Gekko",
    "Duff",
    "Monarch",
    "Zorin",
]

#: Names of companies whose letters are not Latin, in pairs that have their Latin part in common.
RARE = ["華為", "東方", "Заря", "Нева", "Ωμέγα", "Άλφα", "النور", "الأمل"]
PLACEHOLDERS = ["null", "undefined", "none", "n/a", "-", "unknown"]
