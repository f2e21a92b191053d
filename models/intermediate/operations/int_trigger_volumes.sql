-- Firings a trigger and day against the days before: what is far more than usual waits for somebody's word.
{%- set usual_days = setting('volumes', 'usual_days') %}
with

    firings as (

        select trigger_id, {{ day_of('fired_at') }} as fired_on, count(*) as firings
        from {{ ref('int_firings') }}
        where is_shadow = false
        group by trigger_id, {{ day_of('fired_at') }}

    ),

    first_days as (select trigger_id, min(fired_on) as first_fired_on from firings group by trigger_id),

    approvals as (

        select trigger_id, fired_on, min(approved_at) as approved_at
        from {{ source('operations', 'approvals') }}
        group by trigger_id, fired_on

    ),

    before as (

        select firings.trigger_id, firings.fired_on, sum(earlier.firings) as firings
        from firings
        inner join
            firings as earlier
            on firings.trigger_id = earlier.trigger_id
            and earlier.fired_on >= {{ add_days('firings.fired_on', '-' ~ usual_days) }}
            and earlier.fired_on < firings.fired_on
        group by firings.trigger_id, firings.fired_on

    ),

    compared as (

        select
            firings.trigger_id,
            firings.fired_on,
            firings.firings,
            -- A trigger that has not fired for so long has no usual number yet.
            case
                when first_days.first_fired_on <= {{ add_days('firings.fired_on', '-' ~ usual_days) }}
                then coalesce(before.firings, 0) * 1.0e0 / {{ usual_days }}
            end as usual_firings,
            approvals.approved_at
        from firings
        inner join first_days on firings.trigger_id = first_days.trigger_id
        left join before on firings.trigger_id = before.trigger_id and firings.fired_on = before.fired_on
        left join approvals on firings.trigger_id = approvals.trigger_id and firings.fired_on = approvals.fired_on

    )

select
    trigger_id,
    fired_on,
    firings,
    usual_firings,
    coalesce(
        firings >= usual_firings * {{ setting('volumes', 'times_usual') }}
        and firings >= {{ setting('volumes', 'at_least') }},
        false
    ) as is_unusual,
    approved_at
from compared
