select user_days.account_id, user_days.user_key
from {{ ref('int_product_user_days') }} as user_days
inner join {{ ref('stg_product__users') }} as users on user_days.user_key = users.user_key
where users.is_staff
