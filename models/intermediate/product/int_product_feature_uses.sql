{{ account_events(
    '(select *, context_group_id as group_id, case when user_id is not null then ' ~ hash_key('user_id')
    ~ ' end as user_key from ' ~ ref('stg_product__feature_uses') ~ ')',
    ['feature', 'team_id']
) }}
