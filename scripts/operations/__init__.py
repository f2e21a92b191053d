"""What a build does around dbt: looks at the landing, runs dbt, checks what came out, publishes it."""
