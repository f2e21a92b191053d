-- What does not go to the customer: where nobody can be written to, and so that no family of accounts hears from us
-- too often
-- (vars: contact_limits), which limit it meets. Walked in the order in which messages fall due; what is held back
-- itself does not count.
with

    -- What is cancelled is told to nobody.
    told as (

        select
            contacts.*,
            -- What has arrived went to whom it named, whoever is left of them.
            (deliveries.firing_id is not null and contacts.names_somebody)
            or coalesce(people.is_reachable, false) as is_reachable
        from {{ ref('int_firing_contacts') }} as contacts
        left join {{ ref('int_firing_rechecks') }} as cancellations on contacts.firing_id = cancellations.firing_id
        left join {{ ref('stg_push__deliveries') }} as deliveries on contacts.firing_id = deliveries.firing_id
        left join {{ ref('int_firing_people') }} as people on contacts.firing_id = people.firing_id
        where cancellations.firing_id is null

    ),

    contacts as (select * from told where is_reachable),

    admitted as (
        {{ walk_contact_limits(
        'contacts',
        setting('contact_limits', 'min_days_between_messages'),
        setting('contact_limits', 'max_messages_30d'),
        'family_id',
    ) | indent(4) }}
    ),

    held_back as (

        select contacts.*
        from contacts
        left join admitted on contacts.firing_id = admitted.firing_id
        where admitted.firing_id is null

    ),

    -- Of two reasons the distance to the message before it is the plainer one.
    too_soon as (

        select distinct held_back.firing_id
        from held_back
        inner join
            contacts
            on held_back.family_id = contacts.family_id
            and contacts.deliver_at
            > {{ add_days_to_moment('held_back.deliver_at', '-' ~ setting('contact_limits', 'min_days_between_messages')) }}
            and contacts.place < held_back.place
        inner join admitted on contacts.firing_id = admitted.firing_id

    )

select
    held_back.firing_id,
    case
        when too_soon.firing_id is not null then 'min_days_between_messages' else 'max_messages_30d'
    end as held_back_reason
from held_back
left join too_soon on held_back.firing_id = too_soon.firing_id

union all

select firing_id, 'nobody_to_write_to' as held_back_reason
from told
where is_reachable = false
