-- What is wrong with the seeds that people edit, in sentences. The library is read only when this is empty.
with

    library as (select * from {{ ref('trigger_library') }}),

    conditions as (select * from {{ ref('trigger_conditions') }}),

    weights as (select * from {{ ref('health_weights') }}),

    signals as (select signal from {{ ref('int_signal_catalogue') }}),

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

    ),

    faults as (

        select
            'trigger_library.csv' as file_name,
            listed.trigger_id as row_id,
            listed.column_name,
            {{ dbt.concat(["'tier '", 'listed.item', "' is not in tiers.csv'"]) }} as fault
        from listed
        left join {{ ref('tiers') }} as tiers on listed.item = tiers.tier
        where listed.column_name = 'tiers' and listed.item <> '' and tiers.tier is null

        union all

        select
            'trigger_library.csv' as file_name,
            listed.trigger_id as row_id,
            listed.column_name,
            {{ dbt.concat(["'exclusion '", 'listed.item', "' is unknown: expected one of " ~ known_exclusions() | join(', ') ~ "'"]) }}
            as fault
        from listed
        left join exclusions on listed.item = exclusions.exclusion
        where listed.column_name = 'exclusions' and listed.item <> '' and exclusions.exclusion is null

        union all

        select
            'trigger_library.csv' as file_name,
            library.trigger_id as row_id,
            'play_id' as column_name,
            {{ dbt.concat(["'play '", "coalesce(library.play_id, '(empty)')", "' is not in plays.csv'"]) }} as fault
        from library
        left join {{ ref('plays') }} as plays on library.play_id = plays.play_id
        where plays.play_id is null

        union all

        select
            'trigger_library.csv' as file_name,
            library.trigger_id as row_id,
            'event_action' as column_name,
            {{ dbt.concat(["'action '", "coalesce(library.event_action, '(empty)')", "' is not in tracking_plan.csv'"]) }}
            as fault
        from library
        left join
            (select distinct action from {{ ref('tracking_plan') }}) as actions on library.event_action = actions.action
        where library.kind = 'event' and actions.action is null

        union all

        select
            'trigger_library.csv' as file_name,
            library.trigger_id as row_id,
            'trigger_id' as column_name,
            'a daily trigger needs a condition in trigger_conditions.csv' as fault
        from library
        left join conditions on library.trigger_id = conditions.trigger_id
        where library.kind = 'daily' and conditions.trigger_id is null

        union all

        select
            'trigger_library.csv' as file_name,
            trigger_id as row_id,
            'trigger_id' as column_name,
            'the trigger stands there more than once' as fault
        from library
        group by trigger_id
        having count(*) > 1

        union all

        select
            'trigger_library.csv' as file_name,
            trigger_id as row_id,
            'active_from' as column_name,
            'an active trigger needs a date in active_from' as fault
        from library
        where status = 'active' and active_from is null

        union all

        select
            'trigger_conditions.csv' as file_name,
            conditions.trigger_id as row_id,
            'signal' as column_name,
            {{ dbt.concat(["'signal '", "coalesce(conditions.signal, '(empty)')", "' is unknown: expected one of the signals of signal_coverage'"]) }}
            as fault
        from conditions
        left join signals on conditions.signal = signals.signal
        where signals.signal is null

        union all

        select
            'trigger_conditions.csv' as file_name,
            trigger_id as row_id,
            'comparator' as column_name,
            {{ dbt.concat(["'comparator '", "coalesce(comparator, '(empty)')", "' is unknown: expected one of > >= < <= = between'"]) }}
            as fault
        from conditions
        where coalesce(comparator, '') not in ('>', '>=', '<', '<=', '=', 'between')

        union all

        select
            'trigger_conditions.csv' as file_name,
            trigger_id as row_id,
            'threshold' as column_name,
            'expected a number, and for between a second one in threshold_high' as fault
        from conditions
        where threshold is null or (comparator = 'between' and threshold_high is null)

        union all

        select
            'trigger_conditions.csv' as file_name,
            conditions.trigger_id as row_id,
            'trigger_id' as column_name,
            'the trigger is not in trigger_library.csv' as fault
        from conditions
        left join library on conditions.trigger_id = library.trigger_id
        where library.trigger_id is null

        union all

        select
            'health_weights.csv' as file_name,
            weights.component as row_id,
            'component' as column_name,
            'the component is not a signal that health can be made of' as fault
        from weights
        left join signals on weights.component = signals.signal and signals.signal <> 'health_score'
        where signals.signal is null

        union all

        select
            'health_weights.csv' as file_name,
            component as row_id,
            'value_at_100' as column_name,
            'expected another number than value_at_0' as fault
        from weights
        where value_at_0 = value_at_100

    )

select file_name, row_id, column_name, fault
from faults

union all

select file_name, row_id, column_name, fault
from {{ ref('int_roles_faults') }}

union all

select file_name, row_id, column_name, fault
from {{ ref('int_routing_rules_faults') }}

union all

select file_name, row_id, column_name, fault
from {{ ref('int_notification_rules_faults') }}

union all

select file_name, row_id, column_name, fault
from {{ ref('int_context_signals_faults') }}

union all

select file_name, row_id, column_name, fault
from {{ ref('int_message_templates_faults') }}
