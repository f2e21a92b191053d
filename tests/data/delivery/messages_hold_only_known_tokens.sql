-- A token that nothing fills would reach a customer in braces. What is left once the known ones are gone holds no brace.
{%- set tokens = [
    'first_name', 'owner_name', 'account_name', 'trigger_name', 'tier', 'contract_value', 'signal_text', 'context_text',
    'recommended_action', 'cta_url', 'view_url', 'book_call_url', 'seats_licensed', 'active_users_28d',
    'seat_utilisation', 'power_users', 'users_added_30d', 'features_adopted_28d', 'advanced_features', 'tickets_60d',
    'health_score', 'segment',
] %}
with

cleaned as (

    select
        template_id,
        channel,
        {{ replace_pattern("coalesce(subject, '') || ' ' || body", '[{](' ~ tokens | join('|') ~ ')[}]', '') }} as rest
    from {{ ref('message_templates') }}

)

select template_id, channel, rest
from cleaned
where instr(rest, '{') > 0 or instr(rest, '}') > 0
