{{ first_copies(
    source('segment', 'api_usage'), ['user_id', 'context_group_id', 'quantity']
) }}
