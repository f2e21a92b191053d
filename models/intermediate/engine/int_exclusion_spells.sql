-- When an account is excluded for whatever trigger asks: from an instant (exclusive: a fact counts when it lies before
-- the moment) until another (inclusive). What the CRM says of one account holds for its family. The exclusion by an
-- expansion depends on the trigger and stands elsewhere.
with

    versions as (select * from {{ ref('stg_crm__opportunity_versions') }}),

    opportunities as (select * from {{ ref('stg_crm__opportunities') }} where is_expansion),

    tickets as (select * from {{ ref('int_urgent_ticket_spells') }}),

    invoices as (select * from {{ ref('int_account_open_invoices') }}),

    accounts as (select account_id, opted_out_at from {{ ref('stg_crm__accounts') }}),

    families as (select account_id, family_id from {{ ref('stg_crm__account_families') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    of_the_crm as (

        select
            opportunities.account_id,
            'open_expansion_opportunity' as exclusion,
            versions.valid_from as from_at,
            case when versions.valid_until <= clock.as_of then versions.valid_until end as to_at
        from versions
        inner join opportunities on versions.opportunity_id = opportunities.opportunity_id
        inner join clock on versions.valid_from <= clock.as_of and opportunities.created_at <= clock.as_of
        where versions.is_closed = false

        union all

        select
            accounts.account_id,
            'opted_out' as exclusion,
            accounts.opted_out_at as from_at,
            cast(null as timestamp) as to_at
        from accounts
        inner join clock on accounts.opted_out_at <= clock.as_of

    )

select
    coalesce(members.account_id, of_the_crm.account_id) as account_id,
    of_the_crm.exclusion,
    of_the_crm.from_at,
    of_the_crm.to_at,
    cast(null as date) as from_on
from of_the_crm
left join families as told on of_the_crm.account_id = told.account_id
left join families as members on told.family_id = members.family_id

union all

select
    account_id,
    'open_urgent_ticket' as exclusion,
    urgent_from as from_at,
    urgent_until as to_at,
    cast(null as date) as from_on
from tickets

union all

-- Past due from the day after the due date on.
select
    account_id,
    'invoice_past_due' as exclusion,
    opened_at as from_at,
    settled_at as to_at,
    {{ add_days('due_on', 1) }} as from_on
from invoices
