-- The first exclusion, in their order, that a candidate's trigger names and that holds just before its moment.
with

    candidates as (

        select
            trigger_id,
            account_id,
            moment,
            judged_on,
            -- Invoices are past due by days: the closed day of a daily candidate, the day itself of an event.
            case when kind = 'daily' then judged_on else {{ day_of('moment') }} end as due_by
        from {{ ref('int_candidates') }}

    ),

    triggers as (select trigger_id, exclusions, expansion_types from {{ ref('int_triggers') }}),

    spells as (select * from {{ ref('int_exclusion_spells') }}),

    expansions as (select account_id, expanded_on, expansion_type from {{ ref('int_expansions') }}),

    ranks as (

        {% for exclusion in known_exclusions() -%}
            select '{{ exclusion }}' as exclusion, {{ loop.index }} as exclusion_rank{{ ' union all' if not loop.last }}
        {% endfor %}

    ),

    named as (

        select triggers.trigger_id, triggers.expansion_types, ranks.exclusion, ranks.exclusion_rank
        from triggers
        inner join ranks on {{ is_named_in('ranks.exclusion', 'triggers.exclusions') }}

    ),

    held as (

        select candidates.trigger_id, candidates.account_id, candidates.moment, named.exclusion_rank
        from candidates
        inner join named on candidates.trigger_id = named.trigger_id
        inner join
            spells
            on candidates.account_id = spells.account_id
            and named.exclusion = spells.exclusion
            and spells.from_at < candidates.moment
            and (spells.to_at is null or spells.to_at >= candidates.moment)
            and (spells.from_on is null or spells.from_on <= candidates.due_by)

        union all

        select candidates.trigger_id, candidates.account_id, candidates.moment, named.exclusion_rank
        from candidates
        inner join named on candidates.trigger_id = named.trigger_id and named.exclusion = 'recently_expanded'
        inner join
            expansions
            on candidates.account_id = expansions.account_id
            and expansions.expanded_on
            between {{ add_days('candidates.judged_on', 1 - setting('recently_expanded_days')) }}
            and candidates.judged_on
            and {{ is_named_in('expansions.expansion_type', 'named.expansion_types') }}

    ),

    first_held as (

        select trigger_id, account_id, moment, min(exclusion_rank) as exclusion_rank
        from held
        group by trigger_id, account_id, moment

    )

select first_held.trigger_id, first_held.account_id, first_held.moment, ranks.exclusion
from first_held
inner join ranks on first_held.exclusion_rank = ranks.exclusion_rank
