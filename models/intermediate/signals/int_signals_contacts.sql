with

    contacts as (select * from {{ ref('int_contacts') }}),

    horizon as (select {{ day_of('min(created_at)') }} as horizon_on from contacts),

    arrivals as (

        select account_id, {{ day_of('created_at') }} as created_on, count(*) as contacts
        from contacts
        where is_executive
        group by account_id, {{ day_of('created_at') }}

    ),

    account_days as (select account_id, signal_on from {{ ref('int_account_billing_daily') }}),

    changes as (

        select account_id, created_on as changed_on, contacts as change
        from arrivals
        union all
        select account_id, {{ add_days('created_on', 60) }} as changed_on, - contacts as change
        from arrivals

    ),

    levels as (

        select
            account_id,
            changed_on as from_on,
            lead(changed_on) over (partition by account_id order by changed_on) as to_on,
            {{ running_sum('change', 'account_id', 'changed_on') }} as contacts
        from
            (select account_id, changed_on, sum(change) as change from changes group by account_id, changed_on) as daily

    )

select
    account_days.account_id,
    account_days.signal_on,
    cast(
        {{ observed('coalesce(levels.contacts, 0)', 60, 'horizon.horizon_on', 'account_days.signal_on') }} as bigint
    ) as executive_contacts_added_60d
from account_days
cross join horizon
left join
    levels
    on account_days.account_id = levels.account_id
    and account_days.signal_on >= levels.from_on
    and (account_days.signal_on < levels.to_on or levels.to_on is null)
