alter table billing.contact drop constraint contact_of_a_holder;
alter table billing.contact
  add constraint contact_of_a_holder foreign key (holder) references billing.account_holder not valid;
