-- The evidence of each firing, as it was frozen, in columns that messages name.
with firings as (select * from {{ ref('fct_fired_triggers') }})

select
    firing_id,
    trigger_id,
    account_id,
    owner_role,
    owner_email,
    channels,
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
    {{ json_path('evidence', 'event_action') }} as event_action,
    {{ json_path('evidence', 'recommended_action') }} as recommended_action
from firings
