-- People. password is a salted hash. credential is a random text that tokens and sessions of the user name; another password, or
-- disabling the user, replaces it and thereby ends them.
create table user_account (
    name varchar(64) primary key,
    project_id varchar(32) not null references project (id) on delete cascade,
    password varchar(255) not null,
    credential varchar(40) not null unique,
    policies varchar(2000) not null,
    instances varchar(8000),
    disabled_at timestamp(3) with time zone,
    last_used_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone not null
);
create index user_account_of_project on user_account (project_id);

-- A session is that of an access key, or of the user with the credential.
alter table console_session alter column access_key drop not null;
alter table console_session add column credential varchar(40);

-- These columns name who has done something, which can be a user now.
alter table project_policy alter column set_by set data type varchar(64);
alter table instance_policy alter column set_by set data type varchar(64);
alter table webhook alter column created_by set data type varchar(64);
alter table instance_estimate alter column made_by set data type varchar(64);
alter table scan_approval alter column requested_by set data type varchar(64);
alter table scan_approval alter column decided_by set data type varchar(64);
alter table scan alter column approved_by set data type varchar(64);
