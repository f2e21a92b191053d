-- What trailing_median gives beside what it must give: the middle of three, of two the mean, and nothing too early.
with

    grid as (

        select 'a' as account_id, cast('2026-03-01' as date) as signal_on, 5 as value, cast(null as double) as wanted
        union all
        select 'a', cast('2026-03-02' as date), 1, null
        union all
        select 'a', cast('2026-03-03' as date), 2, 2
        union all
        select 'a', cast('2026-03-04' as date), -7, 1
        union all
        select 'a', cast('2026-03-05' as date), null, null
        union all
        select 'b', cast('2026-03-06' as date), 9, null
    ),

    medians as (

        select
            account_id,
            signal_on,
            wanted,
            {{ trailing_median('value', 3) }} as median_of_three,
            {{ trailing_median('value', 2) }} as median_of_two
        from grid

    )

select account_id, signal_on, wanted, median_of_three, median_of_two
from medians
where
    (median_of_three is null) <> (wanted is null)
    or median_of_three <> wanted
    or (signal_on = cast('2026-03-02' as date) and coalesce(median_of_two, 0) <> 3)
    or (signal_on = cast('2026-03-06' as date) and median_of_two is not null)
