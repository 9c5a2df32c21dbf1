drop table users.sign_in;
