create table ${nobody_knows} ();
