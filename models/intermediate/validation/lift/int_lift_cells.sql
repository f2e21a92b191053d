-- The cells that lift is estimated in: a frame and basis.
with

    frames as (select * from {{ ref('int_lift_frames') }}),

    bases as (
        {% for basis in matched_bases() + ['within'] -%}
            select '{{ basis }}' as basis{{ ' union all' if not loop.last }}
        {% endfor %}
    )

select cast(row_number() over (order by frames.frame_key, bases.basis) as integer) as cell_key, frames.*, bases.basis
from frames
cross join bases
