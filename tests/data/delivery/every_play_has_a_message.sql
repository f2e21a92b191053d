-- A play without a template, a channel of a rule that no template of the play serves, a template that no play uses.
with

    plays as (select * from {{ ref('plays') }}),

    templates as (select * from {{ ref('message_templates') }}),

    spoken as (

        -- The channels to customers that rules name.
        select distinct channels.channel
        from {{ ref('channels') }} as channels
        inner join {{ ref('routing_rules') }} as rules on {{ is_named_in('channels.channel', 'rules.channels') }}
        where channels.reaches_customer

    )

select plays.play_id as record_id, 'play without a template' as fault
from plays
left join templates on plays.template_id = templates.template_id
where templates.template_id is null

union all

select plays.play_id as record_id, 'no message to write to the customer' as fault
from plays
cross join spoken
left join templates on plays.template_id = templates.template_id and spoken.channel = templates.channel
where templates.template_id is null

union all

select templates.template_id as record_id, 'template that nothing uses' as fault
from templates
left join plays on templates.template_id = plays.template_id
where plays.play_id is null and templates.template_id <> 'alert'

union all

select template_id as record_id, 'two templates for one channel' as fault
from templates
group by template_id, channel
having count(*) > 1
