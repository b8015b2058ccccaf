-- The person of an OpenID Connect issuer who is signed in: the name, and each mapped value of the claim, on a line of its own. Such a
-- session has neither an access key nor a credential.
alter table console_session add column person varchar(8000);
