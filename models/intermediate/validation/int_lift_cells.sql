-- The cells that lift is estimated in: a frame and basis.
with

frames as (
    select * from {{ ref('int_lift_frames') }}
),

bases as (
    select 'all' as basis
    union all
    select 'untouched' as basis
    union all
    select 'alone' as basis
    union all
    select 'within' as basis
)

select
    cast(row_number() over (order by frames.frame_key, bases.basis) as integer) as cell_key,
    frames.*,
    bases.basis
from frames
cross join bases
