-- Live tickets of matched organisations, opened by as_of.
with

    tickets as (select * from {{ ref('stg_support__tickets') }}),

    organization_accounts as (select * from {{ ref('int_support_organization_accounts') }}),

    clock as (select as_of from {{ ref('int_clock') }})

select
    tickets.ticket_id,
    organization_accounts.account_id,
    tickets.status,
    tickets.priority,
    tickets.is_about_limits,
    tickets.created_at
from tickets
inner join clock on tickets.created_at <= clock.as_of
inner join organization_accounts on tickets.organization_id = organization_accounts.organization_id
