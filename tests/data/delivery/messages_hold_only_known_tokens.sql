-- A token that nothing fills would reach a customer in braces, and one that only staff may read would reach them in
-- words. What is left once the known ones are gone holds no brace.
{%- set tokens = message_tokens('tokens') | map(attribute=0) | list %}
{%- set text = "coalesce(subject, '') || ' ' || body" %}
with

    cleaned as (

        select
            template_id,
            channel,
            case
                when template_id = 'alert'
                then {{ replace_pattern(text, '[{](' ~ tokens | join('|') ~ ')[}]', '') }}
                else
                    {{ replace_pattern(text, '[{](' ~ tokens | reject('in', staff_tokens()) | join('|') ~ ')[}]', '') }}
            end as rest
        from {{ ref('message_templates') }}

    )

select template_id, channel, rest
from cleaned
where instr(rest, '{') > 0 or instr(rest, '}') > 0
