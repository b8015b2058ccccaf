-- Requests for scans above the ceilings of their instance, which a second access key approves or rejects. The request is the
-- body of the create. A pending request whose time is over has expired.
create table scan_approval (
    id uuid primary key,
    instance_id uuid not null references instance (id) on delete cascade,
    state varchar(16) not null,
    request varchar(2000) not null,
    asked varchar(1000) not null,
    above varchar(2000) not null,
    requested_by varchar(20) not null,
    requested_at timestamp(3) with time zone not null,
    expires_at timestamp(3) with time zone not null,
    decided_by varchar(20),
    decided_why varchar(500),
    decided_at timestamp(3) with time zone,
    scan_id uuid
);
create index scan_approval_of_instance on scan_approval (instance_id, requested_at);

-- The access key that has approved the scan, which its pace ceilings do not hold then.
alter table scan add column approved_by varchar(20);
