-- What is wrong with the library, in sentences.
with

    library as (select * from {{ ref('trigger_library') }}),

    conditions as (select * from {{ ref('trigger_conditions') }}),

    exclusions as (

        {% for exclusion in known_exclusions() -%}
            select '{{ exclusion }}' as exclusion{{ ' union all' if not loop.last }}
        {% endfor %}

    ),

    listed as (

        select trigger_id, 'tiers' as column_name, {{ words_of("replace(coalesce(tiers, ''), '|', ' ')") }} as item
        from library
        union all
        select
            trigger_id,
            'exclusions' as column_name,
            {{ words_of("replace(coalesce(exclusions, ''), '|', ' ')") }} as item
        from library

    )

select
    'trigger_library' as seed_name,
    listed.trigger_id as row_id,
    listed.column_name,
    {{ dbt.concat(["'tier '", 'listed.item', "' is not in tiers.csv'"]) }} as fault
from listed
left join {{ ref('tiers') }} as tiers on listed.item = tiers.tier
where listed.column_name = 'tiers' and listed.item <> '' and tiers.tier is null

union all

select
    'trigger_library' as seed_name,
    listed.trigger_id as row_id,
    listed.column_name,
    {{ dbt.concat(["'exclusion '", 'listed.item', "' is unknown: expected one of " ~ known_exclusions() | join(', ') ~ "'"]) }}
    as fault
from listed
left join exclusions on listed.item = exclusions.exclusion
where listed.column_name = 'exclusions' and listed.item <> '' and exclusions.exclusion is null

union all

select
    'trigger_library' as seed_name,
    library.trigger_id as row_id,
    'play_id' as column_name,
    {{ dbt.concat(["'play '", "coalesce(library.play_id, '(empty)')", "' is not in plays.csv'"]) }} as fault
from library
left join {{ ref('plays') }} as plays on library.play_id = plays.play_id
where plays.play_id is null

union all

select
    'trigger_library' as seed_name,
    library.trigger_id as row_id,
    'event_action' as column_name,
    {{ dbt.concat(["'action '", "coalesce(library.event_action, '(empty)')", "' is not in tracking_plan.csv'"]) }}
    as fault
from library
left join (select distinct action from {{ ref('tracking_plan') }}) as actions on library.event_action = actions.action
where library.kind = 'event' and actions.action is null

union all

select
    'trigger_library' as seed_name,
    library.trigger_id as row_id,
    'trigger_id' as column_name,
    'a daily trigger needs a condition in trigger_conditions.csv' as fault
from library
left join conditions on library.trigger_id = conditions.trigger_id
where library.kind = 'daily' and conditions.trigger_id is null

union all

select
    'trigger_library' as seed_name,
    trigger_id as row_id,
    'trigger_id' as column_name,
    'the trigger stands there more than once' as fault
from library
group by trigger_id
having count(*) > 1

union all

select
    'trigger_library' as seed_name,
    trigger_id as row_id,
    'active_from' as column_name,
    'an active trigger needs a date in active_from' as fault
from library
where status = 'active' and active_from is null
