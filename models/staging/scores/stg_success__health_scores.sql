-- Scores of the customer-success tool, by the account that speaks today.
with

    landed as ({{ vendor_rows('success', {'generic': source('generic', 'success_health_scores')}) }}),

    -- Not within the join: Spark asks for a join's key before the seed in it is read.
    scores as (select {{ known_id('account_id') }} as account_id, score, scored_at from landed),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }})

select survivors.survivor_account_id as account_id, scores.score, scores.scored_at
from scores
inner join survivors on scores.account_id = survivors.account_id
where survivors.survivor_account_id is not null
