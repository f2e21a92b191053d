-- The message of a firing's play in every channel that has a template.
with

    context as (select firing_id, play_id from {{ ref('int_firing_context') }}),

    tokens as (select * from {{ ref('int_firing_tokens') }}),

    plays as (select play_id, template_id from {{ ref('plays') }}),

    templates as (select * from {{ ref('message_templates') }})

select
    context.firing_id,
    templates.channel,
    {{ fill_tokens('templates.subject', message_tokens('tokens')) }} as subject,
    {{ fill_tokens('templates.body', message_tokens('tokens')) }} as body
from context
inner join tokens on context.firing_id = tokens.firing_id
inner join plays on context.play_id = plays.play_id
inner join templates on plays.template_id = templates.template_id
