-- Versions, for If-Match. A policy that was removed stays as a row without a document, so that a version never comes twice.
alter table project add column version int default 1 not null;
alter table project_policy add column version int default 1 not null;
alter table project_policy alter column document drop not null;
alter table instance_policy add column version int default 1 not null;
alter table instance_policy alter column document drop not null;
