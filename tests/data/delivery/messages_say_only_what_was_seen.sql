-- What the words of a template take for granted is guaranteed by every trigger that sends it, and is there in the
-- evidence of
-- each firing of this build: the value beside its threshold, or the action that was waited for; and no number is blank.
with

    templates as (select * from {{ ref('message_templates') }}),

    spoken as (select distinct template_id, {{ items_of('speaks_of') }} as spoken_of from templates),

    plays as (select play_id, template_id from {{ ref('plays') }}),

    triggers as (select trigger_id, play_id, event_action from {{ ref('int_triggers') }}),

    conditions as (select distinct trigger_id, signal from {{ ref('trigger_conditions') }}),

    firings as (

        select firings.firing_id, firings.trigger_id, firings.play_id, firings.evidence
        from {{ ref('int_firings') }} as firings
        inner join {{ ref('int_new_firings') }} as new_firings on firings.firing_id = new_firings.firing_id

    ),

    seen as ({{ evidence_conditions(ref('int_firings')) | indent(4) }}),

    seen_values as (select distinct firing_id, signal from seen where signal_value is not null)

select triggers.trigger_id, cast(null as {{ dbt.type_string() }}) as firing_id, spoken.template_id, spoken.spoken_of
from triggers
inner join plays on triggers.play_id = plays.play_id
inner join spoken on plays.template_id = spoken.template_id and spoken.spoken_of <> ''
left join conditions on triggers.trigger_id = conditions.trigger_id and spoken.spoken_of = conditions.signal
where conditions.signal is null and coalesce(triggers.event_action, '') <> spoken.spoken_of

union all

select firings.trigger_id, firings.firing_id, spoken.template_id, spoken.spoken_of
from firings
inner join plays on firings.play_id = plays.play_id
inner join spoken on plays.template_id = spoken.template_id and spoken.spoken_of <> ''
left join seen_values on firings.firing_id = seen_values.firing_id and spoken.spoken_of = seen_values.signal
where
    seen_values.signal is null and coalesce({{ json_path('firings.evidence', 'event_action') }}, '') <> spoken.spoken_of
{% for signal in numeric_context() %}
    union all

    select firings.trigger_id, firings.firing_id, templates.template_id, '{{ signal }}' as spoken_of
    from firings
    inner join plays on firings.play_id = plays.play_id
    inner join
        templates
        on plays.template_id = templates.template_id
        and instr({{ dbt.concat(["coalesce(templates.subject, '')", 'templates.body']) }}, '{{ "{" ~ signal ~ "}" }}')
        > 0
    where {{ context_value('firings.evidence', signal) }} is null
{% endfor %}
