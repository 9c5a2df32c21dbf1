-- expect: needs V1, V2, V17
-- expect: alters type billing.address
-- expect: alters type clinic.email
-- expect: alters type clinic.sex
-- expect: lock SHARE clinic.patient

alter domain clinic.email add constraint email_is_short check (length(value) <= 254);
alter type billing.address add attribute country char(2);
alter domain clinic.email set default null;
alter type clinic.sex rename value 'unknown' to 'not said';
