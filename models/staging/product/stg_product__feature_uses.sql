{{ first_copies(
    source('segment', 'feature_used'), ['user_id', 'context_group_id', 'feature', 'team_id']
) }}
