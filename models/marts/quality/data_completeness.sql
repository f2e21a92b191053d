select
    source_name,
    table_name,
    column_name,
    day,
    records,
    missing_records,
    late_records,
    duplicate_records,
    unnamed_records,
    completeness
from {{ ref('int_data_completeness') }}
