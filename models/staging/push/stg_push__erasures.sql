-- People who asked to be removed, each once.
select distinct kind, value from {{ source('push', 'erasure_requests') }}
