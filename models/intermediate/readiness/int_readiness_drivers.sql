-- What moves an account's probability most today, in points and words: its three largest contributions.
with

    contributions as (select * from {{ ref('int_readiness_contributions') }}),

    states as (select * from {{ ref('int_readiness_states') }} where is_newest),

    ages as (select * from {{ ref('int_readiness_trigger_ages') }}),

    phrases as (select * from {{ ref('int_signal_catalogue') }}),

    ranked as (

        select
            contributions.*,
            row_number() over (
                partition by contributions.account_id
                order by abs(contributions.points_30d) desc, contributions.term_type, contributions.term
            ) as place
        from contributions
        inner join states on contributions.account_id = states.account_id and contributions.known_on = states.known_on
        where abs(contributions.points_30d) >= 0.5

    ),

    worded as (

        select
            ranked.account_id,
            ranked.place,
            ranked.points_30d,
            case
                when ranked.term_type = 'trigger'
                then {{ dbt.concat(['ages.trigger_name', "' '", days_ago('ranked.term_value')]) }}
                when ranked.term_type = 'history' and ranked.term_value is null
                then 'never expanded'
                when ranked.term_type = 'history'
                then {{ dbt.concat(["'expanded '", days_ago('ranked.term_value')]) }}
                when ranked.term = 'tenure_band'
                then {{ dbt.concat(["'customer for '", 'ranked.level', "' days or more'"]) }}
                when ranked.term_type = 'stratum'
                then {{ dbt.concat(['ranked.term', "' '", 'ranked.level']) }}
                when ranked.term_value is null
                then {{ dbt.concat(["replace(ranked.term, '_', ' ')", "' unknown'"]) }}
                when phrases.phrase is null
                then {{ dbt.concat(["replace(ranked.term, '_', ' ')", "' '", with_commas('ranked.term_value')]) }}
                else
                    {{ fill_tokens(
                        'phrases.phrase',
                        [('value', signal_words('ranked.term_value', 'phrases.kind'))] + state_tokens('states'),
                    ) }}
            end as words
        from ranked
        inner join states on ranked.account_id = states.account_id
        left join
            ages
            on ranked.term_type = 'trigger'
            and ranked.account_id = ages.account_id
            and ranked.known_on = ages.known_on
            and ranked.term = ages.trigger_id
        left join phrases on ranked.term_type = 'signal' and ranked.term = phrases.signal
        where ranked.place <= 3

    )

select
    account_id,
    cast(place as integer) as place,
    cast(round(points_30d) as integer) as points,
    words,
    {{ dbt.concat([
        'words',
        "': '",
        "case when points_30d > 0 then '+' else '' end",
        'cast(cast(round(points_30d) as integer) as ' ~ dbt.type_string() ~ ')',
    ]) }} as driver
from worded
