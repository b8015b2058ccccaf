-- The cliffs that forecasts of an instance have shown and that have not passed: times in which far more keys die than around
-- them. Each was announced once. expected is false once a later forecast no longer shows the cliff. backlog is the number of
-- dead keys that the servers' own expiry is expected to leave at the end.
create table instance_cliff (
    instance_id uuid not null references instance (id) on delete cascade,
    begins_at timestamp(3) with time zone not null,
    ends_at timestamp(3) with time zone not null,
    backlog bigint not null,
    expected boolean not null,
    primary key (instance_id, begins_at)
);
