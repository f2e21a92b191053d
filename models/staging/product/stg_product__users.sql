-- Users with their e-mail and its domain.
with

    emails as ({{ vendor_rows('product', {'segment': ref('base_segment__user_emails')}) }}),

    ranked as (

        select
            user_id,
            trim(email) as email,
            {{ email_domain('email') }} as domain,
            row_number() over (partition by user_id order by vendor_rank) as precedence
        from emails

    ),

    internal_domains as (select distinct lower(domain) as domain from {{ ref('internal_domains') }})

select
    ranked.user_id,
    {{ hash_key('ranked.user_id') }} as user_key,
    case when ranked.domain is not null then ranked.email end as email,
    ranked.domain,
    internal_domains.domain is not null as is_staff
from ranked
left join internal_domains on ranked.domain = internal_domains.domain
where ranked.precedence = 1
