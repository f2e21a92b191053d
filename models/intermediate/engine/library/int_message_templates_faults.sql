-- What is wrong with message_templates.csv, in sentences.
with

    templates as (select template_id, channel from {{ ref('message_templates') }}),

    channels as (select channel from {{ ref('channels') }})

select
    'message_templates' as seed_name,
    templates.template_id as row_id,
    'channel' as column_name,
    {{ dbt.concat(["'channel '", "coalesce(templates.channel, '(empty)')", "' is not in channels.csv'"]) }} as fault
from templates
left join channels on templates.channel = channels.channel
where channels.channel is null
