-- A token that nothing fills would reach a customer in braces. What is left once the known ones are gone holds no
-- brace.
{%- set tokens = message_tokens('tokens') | map(attribute=0) %}
with

    cleaned as (

        select
            template_id,
            channel,
            {{ replace_pattern("coalesce(subject, '') || ' ' || body", '[{](' ~ tokens | join('|') ~ ')[}]', '') }}
            as rest
        from {{ ref('message_templates') }}

    )

select template_id, channel, rest
from cleaned
where instr(rest, '{') > 0 or instr(rest, '}') > 0
