-- Weekly scores, each with the one account that has its domain. A week's score is known when the week is over.
with

    landed as ({{ vendor_rows('intent', {'generic': source('generic', 'intent_scores')}) }}),

    scores as (

        select
            {{ web_domain('domain') }} as domain,
            score,
            cast({{ add_days('week_starting', 7) }} as timestamp) as scored_at
        from landed

    ),

    domains as (

        select account_domains.domain, max(accounts.account_id) as account_id
        from {{ ref('base_crm__account_domains') }} as account_domains
        inner join {{ ref('stg_crm__accounts') }} as accounts on account_domains.account_id = accounts.account_id
        group by account_domains.domain
        having count(*) = 1

    )

select domains.account_id, scores.score, scores.scored_at
from scores
inner join domains on scores.domain = domains.domain
