{{ first_copies(
    source('segment', 'groups'), ['group_id', 'user_id', 'name', 'website', 'storage_used_gb']
) }}
