-- Everything that a message may name about a firing. People's names stand here and in the sync marts only.
with

    context as (select * from {{ ref('int_firing_context') }}),

    words as (select * from {{ ref('int_firing_words') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select account_id, account_name from {{ ref('stg_crm__accounts') }}),

    library as (select trigger_id, trigger_name from {{ ref('trigger_library') }}),

    users as (select email, max(user_name) as user_name from {{ ref('stg_crm__users') }} group by email),

    people as (select * from {{ ref('int_firing_people') }}),

    drivers as (

        select account_id, {{ joined_texts('driver', ', ', 'place') }} as drivers
        from {{ ref('int_readiness_drivers') }}
        group by account_id

    ),

    -- Today's, not the moment's: whom to call first is asked when the message is read.
    readiness as (

        select
            account_id,
            readiness_rank,
            count(*) over (partition by known_on) as accounts,
            cast(round(100 * probability_30d) as bigint) as percent
        from {{ ref('int_readiness_scores') }}
        where is_newest and probability_30d is not null

    )

select
    context.firing_id,
    coalesce(survivors.survivor_account_id, context.account_id) as account_id,
    -- Braces would read as tokens.
    replace(replace(accounts.account_name, '{', '('), '}', ')') as account_name,
    library.trigger_name,
    context.evidence,
    context.recommended_action,
    words.signal_text,
    words.context_text,
    case
        when readiness.account_id is null
        then 'unknown'
        else
            {{ dbt.concat([
                "'place '",
                'cast(readiness.readiness_rank as ' ~ dbt.type_string() ~ ')',
                "' of '",
                'cast(readiness.accounts as ' ~ dbt.type_string() ~ ')',
                "', '",
                'cast(readiness.percent as ' ~ dbt.type_string() ~ ')',
                "' % within 30 days'",
                'coalesce(' ~ dbt.concat(["'; '", "replace(replace(drivers.drivers, '{', '('), '}', ')')"]) ~ ", '')",
            ]) }}
    end as readiness_text,
    coalesce(replace(replace(people.first_name, '{', '('), '}', ')'), 'there') as first_name,
    people.recipient_email,
    people.recipient_user_id,
    people.recipient_contact_id,
    coalesce(users.user_name, '{{ var("sender_name") }}') as owner_name,
    replace(
        replace('{{ var("cta_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as cta_url,
    replace(
        replace('{{ var("view_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as view_url,
    replace(
        replace('{{ var("book_call_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as book_call_url
from context
inner join words on context.firing_id = words.firing_id
left join survivors on context.account_id = survivors.account_id
left join accounts on coalesce(survivors.survivor_account_id, context.account_id) = accounts.account_id
left join library on context.trigger_id = library.trigger_id
left join readiness on coalesce(survivors.survivor_account_id, context.account_id) = readiness.account_id
left join drivers on readiness.account_id = drivers.account_id
left join people on context.firing_id = people.firing_id
left join users on people.owner_email = users.email
