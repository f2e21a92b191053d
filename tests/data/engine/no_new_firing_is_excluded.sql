-- Neither is a firing of this build an account that opted out before it, nor one that has just expanded.
with

    firings as (

        select firings.*, triggers.exclusions, triggers.expansion_types
        from {{ ref('int_new_firings') }} as firings
        inner join {{ ref('trigger_library') }} as triggers on firings.trigger_id = triggers.trigger_id

    )

select firings.firing_id, 'opted_out' as exclusion
from firings
inner join
    {{ ref('stg_crm__accounts') }} as accounts
    on firings.account_id = accounts.account_id
    and accounts.opted_out_at < firings.moment
where firings.exclusions like '%opted_out%'

union all

select firings.firing_id, 'recently_expanded' as exclusion
from firings
inner join
    {{ ref('int_expansions') }} as expansions
    on firings.account_id = expansions.account_id
    and expansions.expanded_on <= firings.judged_on
    and expansions.expanded_on > {{ add_days('firings.judged_on', -setting('recently_expanded_days')) }}
    and {{ is_named_in('expansions.expansion_type', 'firings.expansion_types') }}
where firings.exclusions like '%recently_expanded%'
