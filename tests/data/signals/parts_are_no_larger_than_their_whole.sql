-- What counts some of the things that another signal counts in a window as long cannot exceed it.
select *
from {{ ref('int_account_signals_daily') }}
where weekend_active_users_28d > active_users_28d or power_users > active_users_28d or limit_tickets_30d > tickets_60d
