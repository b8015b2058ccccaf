-- The life cycle of access keys. A key can be used while it is not disabled and has not expired. policies are names, separated
-- by spaces; instances is the narrowing as JSON, null for all instances.
alter table access_key add column disabled_at timestamp(3) with time zone;
alter table access_key add column expires_at timestamp(3) with time zone;
alter table access_key add column last_used_at timestamp(3) with time zone;
alter table access_key add column policies varchar(2000);
alter table access_key add column instances varchar(8000);

-- Access policies of projects; the built-in roles are part of the program. The document is a JSON list of statements.
create table access_policy (
    project_id varchar(32) not null references project (id) on delete cascade,
    name varchar(64) not null,
    document varchar(32000) not null,
    version int not null,
    updated_at timestamp(3) with time zone not null,
    updated_by varchar(64) not null,
    primary key (project_id, name)
);

-- Its one row is locked by every change of keys, users and policies, so that these happen one after another.
create table principal_lock (
    id int primary key
);
insert into principal_lock (id) values (1);
