-- The first exclusion, in their order, that a candidate's trigger names and that holds just before its moment.
with

    candidates as (select trigger_id, account_id, moment, judged_on, kind from {{ ref('int_candidates') }}),

    triggers as (select trigger_id, exclusions, expansion_types from {{ ref('int_triggers') }}),

    excluded as ({{ first_exclusions('candidates', 'triggers', ['trigger_id', 'account_id', 'moment']) | indent(8) }})

select trigger_id, account_id, moment, exclusion
from excluded
