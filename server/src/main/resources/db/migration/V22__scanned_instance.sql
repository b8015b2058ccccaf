-- Name and address of the instance when the scan was created, for its report: both can change afterwards. They are null
-- for scans of earlier versions.
alter table scan add column instance_name varchar(64);
alter table scan add column instance_uri varchar(4000);
