-- The people who are signed in to the console. The id is the SHA-256 of the text in the cookie.
create table console_session (
    id varchar(64) primary key,
    access_key varchar(20) not null references access_key (id) on delete cascade,
    created_at timestamp(3) with time zone not null,
    seen_at timestamp(3) with time zone not null
);
create index console_session_of_key on console_session (access_key);
