select id, account_id, amount, created_date, close_date, is_closed, is_won
from raw_salesforce.opportunity
where coalesce(_fivetran_active, true)
