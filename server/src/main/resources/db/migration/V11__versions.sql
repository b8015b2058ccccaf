-- Versions for If-Match. A removed policy stays as a row without a document, so that no version is used twice.
alter table project add column version int default 1 not null;
alter table project_policy add column version int default 1 not null;
alter table project_policy alter column document drop not null;
alter table instance_policy add column version int default 1 not null;
alter table instance_policy alter column document drop not null;
