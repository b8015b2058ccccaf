-- The tags of an instance as a JSON object, null for none; 20 tags at most. replicas is the result of the last inspection:
-- the connected replicas of the primary that has most of them.
alter table instance add column tags varchar(8000);
alter table instance add column replicas int;
