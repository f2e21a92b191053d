-- Each line: what a macro that reads a landing gives for a value beside what it must give; n/a stands for null.
{% set read = [
    ('text of a moment with an offset', '2026-05-05 23:30:00-07', 'timestamp', '2026-05-06 06:30:00'),
    ('text of a moment with minutes of offset', '2026-05-05T10:00:00+05:30', 'timestamp', '2026-05-05 04:30:00'),
    ('text of a moment with a bare offset', '2026-05-05 10:00:00.25 -0730', 'timestamp', '2026-05-05 17:30:00.25'),
    ('text of a moment of UTC', '2026-05-05 10:00:00 UTC', 'timestamp', '2026-05-05 10:00:00'),
    ('text of a moment of Zulu', '2026-05-05T10:00:00Z', 'timestamp', '2026-05-05 10:00:00'),
    ('text of a moment without seconds', '2026-05-05 10:00', 'timestamp', '2026-05-05 10:00:00'),
    ('text of a day as a moment', '2026-05-05', 'timestamp', '2026-05-05 00:00:00'),
    ('text of a moment of a zone by name', '2026-05-05 10:00:00 CET', 'timestamp', 'n/a'),
    ('text of a day before its month', '05/05/2026 10:00', 'timestamp', 'n/a'),
    ('text of seconds', '1767225600', 'timestamp', 'n/a'),
    ('text of a day', '2026-05-05', 'date', '2026-05-05'),
    ('text of a moment as a day', '2026-05-05 23:30:00-07', 'date', '2026-05-06'),
    ('text of a number', ' 1.5e2 ', 'double', '150.0'),
    ('text of no number', 'nan', 'double', 'n/a'),
    ('text of a whole number with decimals', '90.00', 'bigint', '90'),
    ('text of a number that is not whole', '90.5', 'bigint', 'n/a'),
    ('text of a long number', '9007199254740993', 'bigint', '9007199254740993'),
    ('word for nothing', 'NULL', 'bigint', 'n/a'),
    ('sign of a database for nothing', '\\\\N' if target.type == 'spark' else '\\N', 'bigint', 'n/a'),
] %}
{% set cases = [
    ('text that somebody typed', landed_value("'null'", 'string', 'string'), 'null'),
    ('a word for nothing in a key', landed_value("' null '", 'string', 'string', true), 'n/a'),
    ('a word for nothing in a file of text', landed_value("'NULL'", 'string', 'string', false, true), 'n/a'),
    ('blanks in a file of text', landed_value("' a '", 'string', 'string', false, true), ' a '),
    ('no number in a column of numbers', landed_value("cast('NaN' as double)", 'double', 'double'), 'n/a'),
    ('whole number of a double', read_value({'raw': 'cast(90.5 as double)', 'type': 'bigint', 'landed_type': 'double'}), 'n/a'),
    ('trimmed', trimmed("concat(chr(9), ' a b ', chr(160), chr(10))"), 'a b'),
    ('letters_and_digits', letters_and_digits("'--華為 Cloud, 7 (Київ)'"), '華為 Cloud 7 Київ'),
    ('known_id with a decimal', known_id("' 360001234567.0'"), '360001234567'),
    ('known_id as a power of ten', known_id("'3.60001234567E11'"), '360001234567'),
    ('known_id of a number', known_id('cast(17 as bigint)'), '17'),
    ('known_id of a UUID', known_id("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
    ('known_id of a version', known_id("'1.10'"), '1.10'),
    ('known_id of a word for nothing', known_id("' Undefined '"), 'n/a'),
    ('known_text of nothing', known_text("'   '"), 'n/a'),
    ('known_text of the word', known_text("'NULL'"), 'n/a'),
    ('known_text', known_text("' Nullsoft '"), 'Nullsoft'),
    ('short_id', short_id("'0015g00000AbCdEAAV'"), '0015g00000AbCdE'),
    ('short_id of another', short_id("'0015g00000AbCdE'"), 'n/a'),
    ('plain_address', plain_address("'\"Doe, Ann\" <Ann@GTX.example> '"), 'ann@gtx.example'),
    ('is_domain', is_domain("'münchen.example'"), 'true'),
    ('is_domain of an address', is_domain("'192.168.0.1'"), 'false'),
    ('is_domain without a dot', is_domain("'localhost'"), 'false'),
] %}
with

    written as (

        {% for name, text, type, wanted in read %}
            select
                '{{ name }}' as macro_name,
                cast(
                    {{ read_value({
                'raw': landed_value("'" ~ text ~ "'", 'string', type), 'type': type, 'landed_type': 'string',
            }) }} as {{ dbt.type_string() }}
                ) as got,
                '{{ wanted }}' as wanted
                {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    given as (

        {% for name, got, wanted in cases %}
            select
                '{{ name }}' as macro_name,
                cast({{ got }} as {{ dbt.type_string() }}) as got,
                '{{ wanted }}' as wanted
                {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    sites as (

        select address
        from
            (
                select {{ addresses_in('field') }} as address
                from
                    (
                        select
                            cast(
                                'one.example | https://two.example/x;"Three" <a@three.example>'
                                as {{ dbt.type_string() }}
                            ) as field
                    ) as fields
            ) as listed
        where address <> ''

    ),

    named as (

        select
            'addresses_in' as macro_name,
            {{ joined_texts('address', ' ', 'address') }} as got,
            'Three a@three.example https://two.example/x one.example' as wanted
        from sites

    ),

    versions as (

        select
            'a' as id,
            1 as place,
            cast('2026-01-01 00:00:00' as timestamp) as valid_from,
            cast('2026-01-31 23:59:59.999' as timestamp) as valid_until
        union all
        select
            'a' as id,
            2 as place,
            cast('2026-02-01 00:00:00' as timestamp) as valid_from,
            cast('2026-03-01 00:00:00' as timestamp) as valid_until
        union all
        select
            'a' as id,
            3 as place,
            cast('2026-03-01 00:00:00.002' as timestamp) as valid_from,
            cast(null as timestamp) as valid_until
    ),

    spans as ({{ half_open_spans('versions', 'id', ['place'], ['place']) }}),

    span_ends as (

        select
            'half_open_spans' as macro_name,
            {{ joined_texts("coalesce(cast(valid_until as " ~ dbt.type_string() ~ "), 'open')", '; ', 'version_number') }}
            as got,
            '2026-02-01 00:00:00; 2026-03-01 00:00:00; open' as wanted
        from spans

    ),

    every_case as (

        select *
        from written
        union all
        select *
        from given
        union all
        select *
        from named
        union all
        select *
        from span_ends

    )

select macro_name, got, wanted
from every_case
where coalesce(got, 'n/a') <> wanted
