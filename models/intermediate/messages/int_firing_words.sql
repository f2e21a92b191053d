-- What was seen and what surrounds it, in words.
with

    context as (select * from {{ ref('int_firing_context') }}),

    condition_values as ({{ evidence_conditions(ref('fct_fired_triggers')) | indent(4) }}),

    phrases as (select * from {{ ref('int_signal_catalogue') }} where phrase is not null),

    library as (select trigger_id, trigger_name from {{ ref('trigger_library') }}),

    worded as (

        select
            condition_values.firing_id,
            condition_values.signal,
            {{ fill_tokens('phrases.phrase', [
            ('value', "case phrases.kind when 'ratio' then " ~ dbt.concat([
                'cast(cast(round(100 * condition_values.signal_value) as bigint) as ' ~ dbt.type_string() ~ ')', "' %'"
            ]) ~ " else " ~ readable_number('condition_values.signal_value') ~ " end"),
            ('active_users_28d', 'context.active_users_28d'),
            ('seats_licensed', 'context.seats_licensed'),
        ]) }} as phrase
        from condition_values
        inner join context on condition_values.firing_id = context.firing_id
        inner join phrases on condition_values.signal = phrases.signal
        where condition_values.signal_value is not null

    ),

    signals as (

        select firing_id, {{ dbt.listagg('phrase', "', '", 'order by signal') }} as signal_text
        from worded
        group by firing_id

    ),

    parts as (

        select
            firing_id,
            {{ dbt.concat(["'added '", counted('users_added_30d', 'user'), "' in the last 30 days'"]) }} as users_part,
            case
                when features_adopted_28d is not null
                then
                    {{ dbt.concat([
                    "'using '", 'features_adopted_28d', "' of '", 'advanced_features', "' advanced features'"
                ]) }}
            end as features_part,
            {{ dbt.concat([counted('tickets_60d', 'support ticket'), "' in 60 days'"]) }} as tickets_part,
            users_added_30d,
            tickets_60d
        from context

    )

select
    parts.firing_id,
    coalesce(signals.signal_text, library.trigger_name) as signal_text,
    concat_ws(
        ', ',
        case when parts.users_added_30d is not null then parts.users_part end,
        parts.features_part,
        case when parts.tickets_60d is not null then parts.tickets_part end
    ) as context_text
from parts
inner join context on parts.firing_id = context.firing_id
left join signals on parts.firing_id = signals.firing_id
left join library on context.trigger_id = library.trigger_id
