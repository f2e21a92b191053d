-- Null without a matched organisation and before the earliest ticket of all accounts; zero where an organisation is
-- matched and wrote nothing.
with

    tickets as (select * from {{ ref('int_support_tickets') }}),

    spells as (select * from {{ ref('int_urgent_ticket_spells') }}),

    supported_accounts as (

        select distinct account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'support' and account_id is not null

    ),

    horizon as (

        select {{ day_of('min(stg_tickets.created_at)') }} as horizon_on
        from {{ ref('stg_support__tickets') }} as stg_tickets
        inner join {{ ref('int_clock') }} as clock on stg_tickets.created_at <= clock.as_of

    ),

    account_days as (

        select account_days.account_id, account_days.signal_on
        from {{ ref('int_account_billing_daily') }} as account_days
        inner join supported_accounts on account_days.account_id = supported_accounts.account_id

    ),

    opened as (

        select
            account_days.account_id,
            account_days.signal_on,
            count(*) as tickets_60d,
            sum(
                case
                    when
                        tickets.is_about_limits
                        and {{ day_of('tickets.created_at') }} >= {{ add_days('account_days.signal_on', -29) }}
                    then 1
                    else 0
                end
            ) as limit_tickets_30d
        from account_days
        inner join
            tickets
            on account_days.account_id = tickets.account_id
            and {{ day_of('tickets.created_at') }}
            between {{ add_days('account_days.signal_on', -59) }} and account_days.signal_on
        group by account_days.account_id, account_days.signal_on

    ),

    urgent as (

        select account_days.account_id, account_days.signal_on, count(distinct spells.ticket_id) as open_urgent_tickets
        from account_days
        inner join
            spells
            on account_days.account_id = spells.account_id
            and spells.urgent_from < {{ day_close('account_days.signal_on') }}
            and (spells.urgent_until is null or spells.urgent_until >= {{ day_close('account_days.signal_on') }})
        group by account_days.account_id, account_days.signal_on

    )

select
    account_days.account_id,
    account_days.signal_on,
    cast(
        {{ observed('coalesce(urgent.open_urgent_tickets, 0)', 1, 'horizon.horizon_on', 'account_days.signal_on') }}
        as bigint
    ) as open_urgent_tickets,
    cast(
        {{ observed('coalesce(opened.tickets_60d, 0)', 60, 'horizon.horizon_on', 'account_days.signal_on') }} as bigint
    ) as tickets_60d,
    cast(
        {{ observed('coalesce(opened.limit_tickets_30d, 0)', 30, 'horizon.horizon_on', 'account_days.signal_on') }}
        as bigint
    ) as limit_tickets_30d
from account_days
cross join horizon
left join opened on account_days.account_id = opened.account_id and account_days.signal_on = opened.signal_on
left join urgent on account_days.account_id = urgent.account_id and account_days.signal_on = urgent.signal_on
