-- The evidence of each firing, as it was frozen, in columns that messages name and in words: what was seen, and what
-- surrounds it.
with

    context as (

        select
            firing_id,
            trigger_id,
            account_id,
            owner_email,
            play_id,
            recipient_user_id,
            recipient_contact_id,
            {{ json_path('evidence', 'context.tier') }} as tier,
            cast({{ json_path('evidence', 'context.contract_value') }} as double) as contract_value,
            cast({{ json_path('evidence', 'context.seats_licensed') }} as bigint) as seats_licensed,
            cast({{ json_path('evidence', 'context.active_users_28d') }} as bigint) as active_users_28d,
            cast({{ json_path('evidence', 'context.power_users') }} as bigint) as power_users,
            cast({{ json_path('evidence', 'context.users_added_30d') }} as bigint) as users_added_30d,
            cast({{ json_path('evidence', 'context.features_adopted_28d') }} as bigint) as features_adopted_28d,
            cast({{ json_path('evidence', 'context.advanced_features') }} as bigint) as advanced_features,
            cast({{ json_path('evidence', 'context.tickets_60d') }} as bigint) as tickets_60d,
            {{ json_path('evidence', 'recommended_action') }} as recommended_action
        from {{ ref('int_firings') }}

    ),

    condition_values as ({{ evidence_conditions(ref('int_firings')) | indent(4) }}),

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
            {{ dbt.concat([counted('tickets_60d', 'support ticket'), "' in 60 days'"]) }} as tickets_part
        from context

    )

select
    context.firing_id,
    context.account_id,
    library.trigger_name,
    context.owner_email,
    context.play_id,
    context.recipient_user_id,
    context.recipient_contact_id,
    context.tier,
    context.contract_value,
    context.seats_licensed,
    context.active_users_28d,
    context.power_users,
    context.features_adopted_28d,
    context.recommended_action,
    coalesce(signals.signal_text, library.trigger_name) as signal_text,
    concat_ws(
        ', ',
        case when context.users_added_30d is not null then parts.users_part end,
        parts.features_part,
        case when context.tickets_60d is not null then parts.tickets_part end
    ) as context_text
from context
inner join parts on context.firing_id = parts.firing_id
left join signals on context.firing_id = signals.firing_id
left join library on context.trigger_id = library.trigger_id
