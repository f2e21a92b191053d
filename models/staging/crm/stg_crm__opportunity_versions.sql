-- How each opportunity stood, and from when until when. What its history does not say, because none is kept or because
-- it begins later than the opportunity, its dates do: it is open from its creation until it is closed.
with

    opportunities as (select * from {{ ref('stg_crm__opportunities') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    -- As the connector's history mode keeps it.
    salesforce as (

        select
            {{ known_id('id') }} as opportunity_id,
            coalesce(is_closed, false) as is_closed,
            coalesce(is_won, false) as is_won,
            close_date as closes_at,
            _fivetran_start as valid_from,
            _fivetran_end as valid_until
        from {{ source('salesforce_history', 'opportunity') }}

    ),

    history as (

        {{ vendor_rows('crm', {
        'salesforce': 'salesforce',
        'hubspot': ref('base_hubspot__opportunity_versions'),
    }) }}

    ),

    spans as (

        {{ half_open_spans(
            'history',
            'opportunity_id',
            ['is_closed', 'is_won', 'closes_at'],
            ['is_closed', 'valid_until nulls last', 'is_won'],
        ) }}

    ),

    first_versions as (

        select
            opportunities.opportunity_id,
            opportunities.created_at,
            spans.opportunity_id is not null as is_recorded,
            coalesce(spans.is_closed, opportunities.is_closed) as is_closed,
            coalesce(spans.is_won, opportunities.is_won) as is_won,
            spans.valid_from as recorded_from,
            -- A closing date is an expectation until it has come.
            case
                when spans.opportunity_id is null
                then
                    coalesce(
                        opportunities.stage_changed_at,
                        case when opportunities.closes_at <= clock.as_of then opportunities.closes_at end,
                        opportunities.modified_at,
                        opportunities.closes_at
                    )
                else least(coalesce(spans.closes_at, opportunities.closes_at, spans.valid_from), spans.valid_from)
            end as closed_at
        from opportunities
        cross join clock
        left join spans on opportunities.opportunity_id = spans.opportunity_id and spans.version_number = 1
        where spans.opportunity_id is null or spans.valid_from > opportunities.created_at

    ),

    unrecorded as (

        -- Nothing is closed before it was created, and what is closed without a date never was open.
        select *, greatest(coalesce(closed_at, created_at), created_at) as ended_at from first_versions

    )

select spans.opportunity_id, spans.is_closed, spans.is_won, spans.valid_from, spans.valid_until
from spans
inner join opportunities on spans.opportunity_id = opportunities.opportunity_id

union all

select
    opportunity_id,
    false as is_closed,
    false as is_won,
    created_at as valid_from,
    case when is_closed then ended_at else recorded_from end as valid_until
from unrecorded

union all

select opportunity_id, true as is_closed, is_won, ended_at as valid_from, recorded_from as valid_until
from unrecorded
where is_closed and (is_recorded = false or ended_at < recorded_from)
