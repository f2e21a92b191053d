-- Owners who can log in. Where no owner at all names a user, the connector does not say who can.
with owners as (select *, count(active_user_id) over () as owners_with_user from {{ source('hubspot', 'owner') }})

select
    {{ known_id('owner_id') }} as user_id,
    email,
    nullif(trim({{ dbt.concat(["coalesce(first_name, '')", "' '", "coalesce(last_name, '')"]) }}), '') as user_name,
    cast(null as {{ dbt.type_string() }}) as manager_id
from owners
where
    (owners_with_user = 0 or active_user_id is not null)
    and coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
