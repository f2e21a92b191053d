-- Whether the arms of a message group have the sizes that chance would give them at the shares in force. Each share is
-- tested by itself, exactly; the smallest p times their number holds for all of them (Bonferroni).
with

    assignments as (select * from {{ ref('int_first_assignments') }}),

    tested as ({{ exact_binomial_p('assignments', 'message_group', 'holdout_share', 'is_holdout') | indent(4) }})

select
    message_group,
    sum(n) as n_assigned,
    sum(x) as n_assigned_held_out,
    least(1.0e0, min(p_value) * count(*)) as sample_ratio_p
from tested
group by message_group
