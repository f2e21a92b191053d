-- Scores of the customer-success tool, by the account that speaks today.
with

    scores as ({{ vendor_rows('success', {'generic': source('generic', 'success_health_scores')}) }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }})

select survivors.survivor_account_id as account_id, scores.score, scores.scored_at
from scores
inner join survivors on {{ known_id('scores.account_id') }} = survivors.account_id
where survivors.survivor_account_id is not null
