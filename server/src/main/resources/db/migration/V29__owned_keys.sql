-- The user who owns an access key; null for a key of the project. An owned key allows what its owner may do at most, and goes with
-- the owner.
alter table access_key add column user_name varchar(64);
alter table access_key add constraint access_key_of_user foreign key (user_name) references user_account (name) on delete cascade;
create index access_key_user on access_key (user_name);
