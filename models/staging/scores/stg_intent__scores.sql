-- Weekly scores, each with the account whose website has its domain. A week's score is known when the week is over.
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

        select {{ web_domain('website') }} as domain, max(account_id) as account_id
        from {{ ref('stg_crm__accounts') }}
        group by {{ web_domain('website') }}
        having count(*) = 1

    ),

    nobodys_domains as ({{ nobodys_domains() }})

select domains.account_id, scores.score, scores.scored_at
from scores
inner join domains on scores.domain = domains.domain
left join nobodys_domains on scores.domain = nobodys_domains.domain
where nobodys_domains.domain is null
