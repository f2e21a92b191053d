-- Events of every marketing vendor, each once by id: where two vendors tell the same event the first one's word counts.
-- Each with the account of its contact; a vendor that names no contact names the recipient. Ids and addresses from
-- before
-- a merge are the survivor's.
with

    generic as (

        select
            {{ known_id('id') }} as event_id,
            {{ known_id('contact_id') }} as contact_id,
            {{ plain_address('email') }} as email,
            lower({{ known_text('event_type') }}) as event_type,
            occurred_at
        from {{ source('generic', 'marketing_email_events') }}

    ),

    events as ({{ vendor_rows('marketing', {'generic': 'generic', 'hubspot': ref('base_hubspot__email_events')}) }}),

    numbered as (

        select *, row_number() over (partition by event_id order by vendor_rank, occurred_at, event_type) as copy_number
        from events

    ),

    contact_keys as (select * from {{ ref('stg_crm__contact_keys') }})

select
    numbered.event_id,
    numbered.vendor,
    coalesce(by_id.account_id, by_address.account_id) as account_id,
    numbered.event_type,
    numbered.occurred_at
from numbered
left join contact_keys as by_id on by_id.key_type = 'contact_id' and numbered.contact_id = by_id.key_value
left join
    contact_keys as by_address
    on by_address.key_type = 'email'
    and numbered.contact_id is null
    and numbered.email = by_address.key_value
where numbered.copy_number = 1
