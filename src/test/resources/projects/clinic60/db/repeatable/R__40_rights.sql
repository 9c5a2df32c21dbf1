-- expect: needs V2, V3, V6, R__10_ward_report, R__20_busy_wards
-- expect: creates default acl for role postgres in schema clinic on tables
-- expect: alters function clinic.busiest()
-- expect: alters view clinic.busy_ward
-- expect: alters view clinic.ward_report

grant select on clinic.ward_report, clinic.busy_ward to ${reader};
grant execute on function clinic.busiest() to public;
alter default privileges in schema clinic grant select on tables to ${reader};
