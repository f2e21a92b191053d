-- Company names as they are compared: NFKD without combining marks, lower case, letters and digits of every script in
-- single spaces, legal suffixes off the end. Compatibility characters (full-width letters, ligatures) come from a seed,
-- since engines take accents off but do not decompose those.
with

    names as (

        select record_name as name
        from {{ ref('int_identity_records') }}
        where {{ known_text('record_name') }} is not null
        union
        select account_name as name
        from {{ ref('stg_crm__accounts') }}
        where {{ known_text('account_name') }} is not null
        union
        select suffix as name
        from {{ ref('legal_suffixes') }}

    ),

    decomposed_characters as (select character, decomposed from {{ ref('decomposed_characters') }}),

    without_accents as (select name, lower({{ strip_accents('name') }}) as folded from names),

    characters as (

        {{ characters_of('(select * from without_accents where ' ~ has_non_ascii('folded') ~ ') as exotic', 'name', 'folded') }}

    ),

    spelled_out as (

        select
            characters.name,
            {{ joined_texts(
            'case when decomposed_characters.character is null then characters.character'
            " else coalesce(decomposed_characters.decomposed, '') end",
            '',
            'characters.position',
        ) }} as folded
        from characters
        left join decomposed_characters on characters.character = decomposed_characters.character
        group by characters.name

    ),

    worded as (

        select
            without_accents.name,
            {{ letters_and_digits('coalesce(spelled_out.folded, without_accents.folded)') }} as words
        from without_accents
        left join spelled_out on without_accents.name = spelled_out.name

    ),

    suffixes as (

        select distinct worded.words as suffix
        from worded
        inner join {{ ref('legal_suffixes') }} as legal_suffixes on worded.name = legal_suffixes.suffix
        where worded.words <> ''

    )
    {% for pass in range(1, 7) %}
        ,

        {% set before = 'worded' if pass == 1 else 'pass_' ~ (pass - 1) -%}
        pass_{{ pass }} as (

            select
                {{ before }}.name,
                trim(
                    substr(
                        {{ before }}.words, 1, length({{ before }}.words) - coalesce(max(length(suffixes.suffix)), 0)
                    )
                ) as words
            from {{ before }}
            left join
                suffixes
                on length({{ before }}.words) > length(suffixes.suffix)
                and right({{ before }}.words, length(suffixes.suffix) + 1)
                = {{ dbt.concat(["' '", 'suffixes.suffix']) }}
            group by {{ before }}.name, {{ before }}.words

        )
    {% endfor %}

select name, words as normalised_name
from pass_6
where words <> ''
