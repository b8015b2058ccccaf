-- The audit log. Each content has the hash of the entry before, and the other columns only repeat parts of the content,
-- so that entries can be found. The time has microseconds, unlike those of other tables.
create table audit_entry (
    seq bigint primary key,
    written_at timestamp(6) with time zone not null,
    actor varchar(200),
    actor_project varchar(200),
    operation varchar(100) not null,
    permission varchar(100),
    resource_kind varchar(100),
    resource_id varchar(300),
    resource_project varchar(200),
    status int,
    content varchar(1000000) not null,
    hash varchar(64) not null,
    signature varchar(100) not null
);
create index audit_entry_at on audit_entry (written_at);
create index audit_entry_of_actor on audit_entry (actor, seq);
create index audit_entry_of_operation on audit_entry (operation, seq);

-- The newest entry. Its one row is locked while an entry is added, so that all processes write one chain.
create table audit_head (
    id int primary key,
    seq bigint not null,
    hash varchar(64) not null
);
insert into audit_head (id, seq, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Calls that have begun. A call that its process did not end becomes an entry without an outcome. The seal proves that a
-- process of the service has written the content.
create table audit_intent (
    id varchar(36) primary key,
    process varchar(100) not null,
    begun_at timestamp(6) with time zone not null,
    content varchar(1000000) not null,
    seal varchar(64) not null
);
