-- The channels that are left of each firing's, in their order: what is held back loses those that reach the customer
-- and
-- keeps its owner's task and alert.
with

    firings as (select firing_id, channels from {{ ref('int_firings') }}),

    hold_backs as (select * from {{ ref('int_firing_hold_backs') }}),

    named as (

        select distinct firings.channels, channels.channel
        from (select distinct channels from firings where channels is not null) as firings
        inner join
            {{ ref('channels') }} as channels
            on {{ is_named_in('channels.channel', 'firings.channels') }}
            and not channels.reaches_customer

    ),

    staff_channels as (

        select
            channels,
            {{ joined_texts('channel', '|', 'instr(' ~ dbt.concat(["'|'", 'channels', "'|'"]) ~ ', ' ~ dbt.concat(["'|'", 'channel', "'|'"]) ~ ')') }}
            as staff_channels
        from named
        group by channels

    )

select
    firings.firing_id,
    hold_backs.held_back_reason,
    case when hold_backs.firing_id is null then firings.channels else staff_channels.staff_channels end as channels
from firings
left join hold_backs on firings.firing_id = hold_backs.firing_id
left join staff_channels on firings.channels = staff_channels.channels
