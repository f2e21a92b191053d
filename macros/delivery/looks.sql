{#-
    What stops a firing on a look at it before it is sent: the rules that let it fire, asked again of the facts before the
    look, and of stage and conditions on the last day closed by then.

    relation: firing_id (each once), trigger_id, account_id, fired_at and look_at. Gives firing_id and stopped_because of
    those that something stops.
-#}
{% macro stopped_looks(relation) -%}
    with

        triggers as (select * from {{ ref('trigger_library') }}),

        survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

        stages as (select account_id, signal_on, stage_reason from {{ ref('int_account_stage_daily') }}),

        -- Between full builds the newest day that has been built speaks.
        built as (select max(signal_on) as built_until from {{ ref('int_account_stage_daily') }}),

        looks as (

            select
                looked_at.firing_id,
                looked_at.trigger_id,
                looked_at.account_id,
                looked_at.fired_at,
                looked_at.look_at,
                looked_at.look_at as moment,
                survivors.survivor_account_id,
                coalesce(triggers.kind, 'daily') as kind,
                coalesce(triggers.requires_stage, true) as requires_stage,
                triggers.kind = 'daily' and coalesce(triggers.recheck_conditions, true) as rechecks_conditions,
                triggers.expansion_types,
                least({{ add_days(day_of('looked_at.look_at'), -1) }}, built.built_until) as judged_on
            from {{ relation }} as looked_at
            cross join built
            left join triggers on looked_at.trigger_id = triggers.trigger_id
            left join survivors on looked_at.account_id = survivors.account_id

        ),

        excluded as ({{ first_exclusions('looks', 'triggers', ['firing_id']) | indent(12) }}),

        expanded as (

            select distinct looks.firing_id
            from looks
            inner join
                {{ ref('int_expansions') }} as expansions
                on looks.account_id = expansions.account_id
                and expansions.expanded_at >= looks.fired_at
                and expansions.expanded_at < looks.look_at
                and {{ is_named_in('expansions.expansion_type', 'looks.expansion_types') }}

        ),

        -- By the account where the firing was meant to lead to more, and by whoever names the firing.
        answered as (

            select looks.firing_id, answers.answer
            from looks
            inner join
                {{ ref('int_account_answers') }} as answers
                on looks.account_id = answers.account_id
                and answers.answered_at >= looks.fired_at
                and answers.answered_at < looks.look_at
            where looks.requires_stage

            union all

            select looks.firing_id, reactions.reaction as answer
            from looks
            inner join
                {{ ref('int_firing_reactions') }} as reactions
                on looks.firing_id = reactions.firing_id
                and reactions.reaction in ('declined', 'lost', 'won')
                and reactions.reacted_at < looks.look_at

        ),

        first_answers as (select firing_id, min(answer) as answer from answered group by firing_id),

        -- A trigger that is evaluated no more has no days to ask.
        evaluated as (select trigger_id from {{ ref('int_triggers') }} where conditions > 0),

        holding as (

            select looks.firing_id
            from looks
            inner join
                {{ ref('int_trigger_days') }} as trigger_days
                on looks.trigger_id = trigger_days.trigger_id
                and looks.account_id = trigger_days.account_id
                and looks.judged_on = trigger_days.signal_on

        ),

        judged as (

            select
                looks.firing_id,
                case
                    -- The survivor hears of itself, in its own numbers.
                    when looks.survivor_account_id <> looks.account_id
                    then 'merged'
                    when looks.survivor_account_id is null or stages.stage_reason = 'churned'
                    then 'churned'
                    when looks.requires_stage and stages.account_id is null
                    then 'never_paid'
                    when looks.requires_stage and stages.stage_reason is not null
                    then stages.stage_reason
                    when excluded.exclusion is not null
                    then excluded.exclusion
                    when expanded.firing_id is not null
                    then 'expanded'
                    when first_answers.answer is not null
                    then first_answers.answer
                    when looks.rechecks_conditions and evaluated.trigger_id is not null and holding.firing_id is null
                    then 'conditions'
                end as stopped_because
            from looks
            left join stages on looks.account_id = stages.account_id and looks.judged_on = stages.signal_on
            left join excluded on looks.firing_id = excluded.firing_id
            left join expanded on looks.firing_id = expanded.firing_id
            left join first_answers on looks.firing_id = first_answers.firing_id
            left join evaluated on looks.trigger_id = evaluated.trigger_id
            left join holding on looks.firing_id = holding.firing_id

        )

    select firing_id, stopped_because
    from judged
    where stopped_because is not null
{%- endmacro %}
