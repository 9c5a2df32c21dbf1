create table after_all ();
