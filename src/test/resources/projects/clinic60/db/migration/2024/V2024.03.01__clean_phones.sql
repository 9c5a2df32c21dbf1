-- expect: needs V1, V2, V3, V4, V5, V6, V7, V11, V19, V20, V21, V22, V23
-- expect: updates 4 rows of billing.contact
-- expect: deletes 1 rows of billing.contact
-- expect: lock ROW EXCLUSIVE billing.contact

create temporary table phone_fix on commit drop as
  select holder, regexp_replace(phone, '\D', '', 'g') as digits from billing.contact where phone is not null;
update billing.contact c set phone = '+49' || f.digits from phone_fix f where f.holder = c.holder;
delete from billing.contact where phone is null;
