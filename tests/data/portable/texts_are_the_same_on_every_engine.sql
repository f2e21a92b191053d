-- Each line: what a macro of macros/portable gives for a text beside what it must give; n/a stands for null.
{% set cases = [
    ('in_list', in_list("'SMB'", "'SMB|enterprise'"), 'true'),
    ('in_list of an empty cell', in_list("'SMB'", "''"), 'true'),
    ('in_list of another', in_list("'MB'", "'SMB|enterprise'"), 'false'),
    ('is_named_in an empty cell', is_named_in("'SMB'", "''"), 'false'),
    ('web_domain', web_domain("'https://www.Example.com:8080/path?q=1'"), 'example.com'),
    ('web_domain with a user', web_domain("'http://someone@example.co.uk./'"), 'example.co.uk'),
    ('web_domain of nothing', web_domain("'   '"), 'n/a'),
    ('email_domain', email_domain("'Ann.Other@Example.COM'"), 'example.com'),
    ('email_domain without one', email_domain("'nobody'"), 'n/a'),
    ('url_path', url_path("'https://app.example.com/settings/integrations?tab=1#x'"), '/settings/integrations'),
    ('strip_accents', strip_accents("'Café Ångström Łódź Ünïcödé'"), 'Cafe Angstrom Łodz Unicode'),
    ('replace_pattern everywhere', replace_pattern("'a--b--c'", '-+', ' '), 'a b c'),
    ('has_other_than', has_other_than("'a_b-1'", 'a-z0-9_'), 'true'),
    ('has_other_than of none', has_other_than("'a_b-1'", 'a-z0-9_-'), 'false'),
    ('has_non_ascii', has_non_ascii("'naïve'"), 'true'),
    ('has_non_ascii of plain', has_non_ascii("'naive ~'"), 'false'),
    ('readable_number', readable_number('0.820000'), '0.82'),
    ('readable_number of a whole', readable_number('1200'), '1200'),
    ('with_commas', with_commas('1234567.6'), '1,234,568'),
    ('counted none', counted('0', 'user'), 'no users'),
    ('counted one', counted('1', 'user'), '1 user'),
    ('counted more', counted('5', 'user'), '5 users'),
    ('json_text', json_text("'{\"a b\": \"c\", \"n\": 1}'", 'n'), '1'),
    ('json_text of what is no JSON', json_text("'{broken'", 'n'), 'n/a'),
    ('json_path', json_path("'{\"a\": {\"b\": \"c\"}}'", 'a.b'), 'c'),
    ('minor_units of yen', minor_units("'JPY'"), '1'),
    ('minor_units of dinars', minor_units("'kwd'"), '1000'),
    ('round_money half up', round_money('2.675'), '2.68'),
    ('round_money below zero', round_money('-2.675'), '-2.68'),
    ('round_ratio', round_ratio('cast(0.3333335 as double)'), '0.333334'),
    ('ratio by zero', ratio('1', '0'), 'n/a'),
] %}
select macro_name, got, wanted
from
    (
        {% for name, got, wanted in cases %}
            select
                '{{ name }}' as macro_name,
                coalesce(cast({{ got }} as {{ dbt.type_string() }}), 'n/a') as got,
                '{{ wanted }}' as wanted
                {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as cases
where got <> wanted
