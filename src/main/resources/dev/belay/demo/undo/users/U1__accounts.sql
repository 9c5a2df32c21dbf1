drop table users.account;
