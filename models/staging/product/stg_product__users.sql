-- Users with their e-mail and its domains: one, but for a field that holds two addresses.
with

    emails as ({{ vendor_rows('product', {'segment': ref('base_segment__user_emails')}) }}),

    ranked as (

        select user_id, email, row_number() over (partition by user_id order by vendor_rank) as precedence from emails

    ),

    addresses as (select user_id, {{ addresses_in('email') }} as address from ranked where precedence = 1),

    domains as (

        select user_id, {{ email_domain('address') }} as domain, min(address) as email
        from addresses
        group by user_id, {{ email_domain('address') }}

    ),

    internal_domains as (select distinct lower(domain) as domain from {{ ref('internal_domains') }}),

    judged as (

        select
            domains.user_id,
            case when {{ is_domain('domains.domain') }} then domains.domain end as domain,
            case when {{ is_domain('domains.domain') }} then domains.email end as email,
            case when internal_domains.domain is not null then 1 else 0 end as is_staff
        from domains
        left join internal_domains on domains.domain = internal_domains.domain

    )

select
    user_id,
    {{ hash_key('user_id') }} as user_key,
    min(email) as email,
    {{ joined_texts('domain', ' ', 'domain') }} as domains,
    max(is_staff) = 1 as is_staff
from judged
group by user_id
